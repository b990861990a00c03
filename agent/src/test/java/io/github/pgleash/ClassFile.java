// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a test reads of a class file: its version, and the texts of its constant pool. */
record ClassFile(int major, List<String> texts, List<String> classes) {
    static ClassFile read(InputStream stream) throws IOException {
        DataInputStream in = new DataInputStream(stream);
        if (in.readInt() != 0xCAFEBABE) {
            throw new IOException("no class file");
        }
        in.readUnsignedShort();
        int major = in.readUnsignedShort();
        Map<Integer, String> texts = new TreeMap<>();
        List<Integer> classes = new ArrayList<>();
        int count = in.readUnsignedShort();
        for (int i = 1; i < count; i++) {
            int tag = in.readUnsignedByte();
            switch (tag) {
                case 1 -> texts.put(i, in.readUTF());
                case 7 -> classes.add(in.readUnsignedShort());
                case 8, 16, 19, 20 -> in.readUnsignedShort();
                case 15 -> {
                    in.readUnsignedByte();
                    in.readUnsignedShort();
                }
                case 3, 4, 9, 10, 11, 12, 17, 18 -> in.readInt();
                case 5, 6 -> {
                    in.readLong();
                    i++; // takes two places
                }
                default -> throw new IOException("constant of kind " + tag);
            }
        }
        return new ClassFile(
                major,
                List.copyOf(texts.values()),
                classes.stream().map(index -> String.valueOf(texts.get(index))).toList());
    }
}
