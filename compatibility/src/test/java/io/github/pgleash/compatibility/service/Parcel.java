// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.service;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * An object in serialized form, unpacked only where its failure to do so can be told: an unknown class in the middle of
 * a stream would end the stream.
 */
final class Parcel implements Serializable {
    private static final long serialVersionUID = 1;

    private final byte[] content;

    private Parcel(byte[] content) {
        this.content = content;
    }

    static Parcel pack(@Nullable Object object) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        return new Parcel(bytes.toByteArray());
    }

    @Nullable
    Object unpack() throws IOException, ClassNotFoundException {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(content))) {
            return in.readObject();
        }
    }
}
