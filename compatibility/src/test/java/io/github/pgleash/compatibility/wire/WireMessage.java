// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Map;

/**
 * One message of the protocol.
 *
 * @param side who sent it
 * @param name as PostgreSQL's documentation has it, "Message Formats"
 * @param texts the zero-terminated texts that begin a StartupMessage (names and values), Query (the SQL) or Parse (name
 *     and SQL); empty for others, passwords included
 */
public record WireMessage(Side side, String name, List<String> texts) {
    /** The messages of the driver that have no type byte, told apart by the number in its place. */
    private static final Map<Integer, String> OPENING = Map.of(
            196608, "StartupMessage",
            196610, "StartupMessage",
            80877102, "CancelRequest",
            80877103, "SSLRequest",
            80877104, "GSSENCRequest");

    private static final Map<Character, String> FRONTEND = Map.ofEntries(
            Map.entry('B', "Bind"),
            Map.entry('C', "Close"),
            Map.entry('D', "Describe"),
            Map.entry('E', "Execute"),
            Map.entry('F', "FunctionCall"),
            Map.entry('H', "Flush"),
            Map.entry('P', "Parse"),
            Map.entry('Q', "Query"),
            Map.entry('S', "Sync"),
            Map.entry('X', "Terminate"),
            Map.entry('c', "CopyDone"),
            Map.entry('d', "CopyData"),
            Map.entry('f', "CopyFail"),
            Map.entry('p', "Password"));

    private static final Map<Character, String> BACKEND = Map.ofEntries(
            Map.entry('1', "ParseComplete"),
            Map.entry('2', "BindComplete"),
            Map.entry('3', "CloseComplete"),
            Map.entry('A', "NotificationResponse"),
            Map.entry('C', "CommandComplete"),
            Map.entry('D', "DataRow"),
            Map.entry('E', "ErrorResponse"),
            Map.entry('G', "CopyInResponse"),
            Map.entry('H', "CopyOutResponse"),
            Map.entry('I', "EmptyQueryResponse"),
            Map.entry('K', "BackendKeyData"),
            Map.entry('N', "NoticeResponse"),
            Map.entry('R', "Authentication"),
            Map.entry('S', "ParameterStatus"),
            Map.entry('T', "RowDescription"),
            Map.entry('V', "FunctionCallResponse"),
            Map.entry('W', "CopyBothResponse"),
            Map.entry('Z', "ReadyForQuery"),
            Map.entry('c', "CopyDone"),
            Map.entry('d', "CopyData"),
            Map.entry('n', "NoData"),
            Map.entry('s', "PortalSuspended"),
            Map.entry('t', "ParameterDescription"),
            Map.entry('v', "NegotiateProtocolVersion"));

    public WireMessage {
        texts = List.copyOf(texts);
    }

    /** A message of the driver without a type byte. */
    static WireMessage opening(int code, byte[] body) {
        String name = OPENING.getOrDefault(code, "unknown " + code);
        return new WireMessage(
                Side.FRONTEND, name, name.equals("StartupMessage") ? texts(body, Integer.MAX_VALUE) : List.of());
    }

    /** A message with a type byte. */
    static WireMessage typed(Side side, char type, byte[] body) {
        String name = (side == Side.FRONTEND ? FRONTEND : BACKEND).getOrDefault(type, "unknown " + type);
        if (side == Side.BACKEND) {
            return new WireMessage(side, name, List.of());
        }
        return new WireMessage(side, name, texts(body, name.equals("Query") ? 1 : name.equals("Parse") ? 2 : 0));
    }

    /** The server's one byte to an SSLRequest or GSSENCRequest. */
    static WireMessage encryptionAnswer(char answer) {
        return new WireMessage(Side.BACKEND, "encryption " + answer, List.of());
    }

    private static List<String> texts(byte[] body, int atMost) {
        return List.of(new String(body, UTF_8).split("\0", -1)).stream()
                .limit(atMost)
                .toList();
    }

    @Override
    public String toString() {
        return (side == Side.FRONTEND ? "> " : "< ") + name + (texts.isEmpty() ? "" : " " + texts);
    }
}
