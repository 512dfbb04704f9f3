package dev.holdfast.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * SHA-256 and the HMAC with it, by hand: the JDK's own load a hundred and fifty classes, which a launcher would keep for all
 * of its server's life, and which the moment before an exec has no time for. A test holds it against the JDK's.
 *
 * @see <a href="https://doi.org/10.6028/NIST.FIPS.180-4">FIPS 180-4, section 6.2</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc2104">RFC 2104, HMAC</a>
 */
public final class Sha256 {
    private static final int BLOCK = 64;
    private static final int ROUNDS = 64;
    private static final String HEX = "0123456789abcdef";

    private static final int[] K = {
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
        0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
        0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
        0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
        0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
        0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
        0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
        0xc67178f2
    };

    private final int[] state = {
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19
    };
    private final int[] w = new int[ROUNDS];
    private final byte[] block = new byte[BLOCK];
    private int filled;
    private long length;

    /** Of nothing yet. */
    public Sha256() {}

    /** The digest of some bytes. */
    public static byte[] of(byte[] bytes) {
        return new Sha256().add(bytes).end();
    }

    /** The HMAC of some bytes. The key has no more than {@value #BLOCK} of them. */
    public static byte[] mac(byte[] key, byte[] bytes) {
        byte[] padded = Arrays.copyOf(key, BLOCK);
        byte[] inner = new Sha256().add(xor(padded, 0x36)).add(bytes).end();
        return new Sha256().add(xor(padded, 0x5c)).add(inner).end();
    }

    private static byte[] xor(byte[] key, int with) {
        byte[] result = new byte[key.length];
        for (int i = 0; i < key.length; i++) {
            result[i] = (byte) (key[i] ^ with);
        }
        return result;
    }

    /** The first bytes of a digest, as hexadecimal digits. */
    public static String hex(byte[] digest, int bytes) {
        StringBuilder text = new StringBuilder(2 * bytes);
        for (int i = 0; i < bytes; i++) {
            text.append(HEX.charAt(digest[i] >> 4 & 0xf)).append(HEX.charAt(digest[i] & 0xf));
        }
        return text.toString();
    }

    /** Adds a text, in UTF-8. */
    public Sha256 add(String text) {
        return add(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds bytes. */
    public Sha256 add(byte[] bytes) {
        length += bytes.length;
        int from = 0;
        while (from < bytes.length) {
            int count = Math.min(BLOCK - filled, bytes.length - from);
            System.arraycopy(bytes, from, block, filled, count);
            filled += count;
            from += count;
            if (filled == BLOCK) {
                compress();
                filled = 0;
            }
        }
        return this;
    }

    /** The digest of all that was added; nothing can be added after it. */
    public byte[] end() {
        long bits = length * Byte.SIZE;
        add(new byte[] {(byte) 0x80});
        add(new byte[(2 * BLOCK - Long.BYTES - filled) % BLOCK]);
        byte[] size = new byte[Long.BYTES];
        for (int i = 0; i < Long.BYTES; i++) {
            size[i] = (byte) (bits >> (Long.SIZE - (i + 1) * Byte.SIZE));
        }
        add(size);
        byte[] digest = new byte[state.length * Integer.BYTES];
        for (int i = 0; i < digest.length; i++) {
            digest[i] = (byte) (state[i / Integer.BYTES] >> (Integer.SIZE - (i % Integer.BYTES + 1) * Byte.SIZE));
        }
        return digest;
    }

    /** The names are those of the standard. */
    private void compress() {
        for (int t = 0; t < 16; t++) {
            int at = t * Integer.BYTES;
            w[t] = (block[at] & 0xff) << 24
                    | (block[at + 1] & 0xff) << 16
                    | (block[at + 2] & 0xff) << 8
                    | (block[at + 3] & 0xff);
        }
        for (int t = 16; t < ROUNDS; t++) {
            int w15 = w[t - 15];
            int w2 = w[t - 2];
            int s0 = (w15 >>> 7 | w15 << 25) ^ (w15 >>> 18 | w15 << 14) ^ w15 >>> 3;
            int s1 = (w2 >>> 17 | w2 << 15) ^ (w2 >>> 19 | w2 << 13) ^ w2 >>> 10;
            w[t] = w[t - 16] + s0 + w[t - 7] + s1;
        }
        int a = state[0];
        int b = state[1];
        int c = state[2];
        int d = state[3];
        int e = state[4];
        int f = state[5];
        int g = state[6];
        int h = state[7];
        for (int t = 0; t < ROUNDS; t++) {
            int t1 = h
                    + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7))
                    + ((e & f) ^ (~e & g))
                    + K[t]
                    + w[t];
            int t2 =
                    ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + ((a & b) ^ (a & c) ^ (b & c));
            h = g;
            g = f;
            f = e;
            e = d + t1;
            d = c;
            c = b;
            b = a;
            a = t1 + t2;
        }
        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
        state[5] += f;
        state[6] += g;
        state[7] += h;
    }
}
