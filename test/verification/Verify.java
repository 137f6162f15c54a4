// Verifies a receipt with nothing but Java 17: java Verify.java RECEIPT_FILE NOTE_VERIFIER_KEY
// Written from docs/verification.md, to show that the page is enough. Exit 0: verified, 1: refused.
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.security.*;
import java.security.spec.X509EncodedKeySpec;
import java.util.*;
import java.util.regex.*;
public class Verify {
    static final Pattern SEAL = Pattern.compile("""
        \\{"reference":"(0x[0-9a-fA-F]{40})","root":"0x([0-9a-f]{64})",\
        "sealedAt":"[-0-9:.TZ]{24}","size":"([1-9][0-9]{0,15})","v":1\\}""");
    static final Pattern LEAF = Pattern.compile("""
        \\{"balance":"([-0-9.]+)","contentHash":"0x([0-9a-f]{64})","delta":"([-0-9.]+)",\
        "occurredAt":"(?:[-0-9:.TZ]{24})?","previousProofHash":"0x([0-9a-f]{64})",\
        "recordedAt":"([-0-9:.TZ]{24})","reference":"(0x[0-9a-fA-F]{40})","sequence":"([1-9][0-9]{0,15})","v":1\\}""");
    static final Pattern PERIOD = Pattern.compile("\\{\"from\":\"([-0-9:.TZ]*)\",\"to\":\"([-0-9:.TZ]*)\"\\}");

    record Leaf(byte[] hash, BigDecimal balance, String content, BigDecimal delta, String previous, String recordedAt,
        String reference, long sequence) {
        boolean follows(Leaf before) {
            return sequence == before.sequence + 1 && previous.equals(hex(before.hash))
                && balance.compareTo(before.balance.add(delta)) == 0 && recordedAt.compareTo(before.recordedAt) >= 0;
        }
    }
    static void check(boolean holds, String problem) {
        if (!holds) throw new IllegalArgumentException(problem);
    }
    static byte[] utf8(String text) { return text.getBytes(StandardCharsets.UTF_8); }
    static String hex(byte[] bytes) { return HexFormat.of().formatHex(bytes); }
    static byte[] sha256(byte[]... parts) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (byte[] part : parts) digest.update(part);
        return digest.digest();
    }
    static byte[] leafHash(String record) throws Exception { return sha256(new byte[] {0}, utf8(record)); }
    static byte[] node(byte[] left, byte[] right) throws Exception { return sha256(new byte[] {1}, left, right); }
    static byte[] base64(String text) {
        byte[] bytes = Base64.getDecoder().decode(text);
        check(Base64.getEncoder().encodeToString(bytes).equals(text), "base64 is not in its one form");
        return bytes;
    }

    static Matcher match(Pattern pattern, String line, String keyword) {
        check(line.startsWith(keyword), "no line of " + keyword);
        Matcher matcher = pattern.matcher(line.substring(keyword.length()));
        check(matcher.matches(), keyword + "is ill-formed");
        return matcher;
    }

    /** Root that an inclusion proof gives (RFC 9162 section 2.1.3.2). */
    static byte[] included(byte[] hash, long index, long size, List<byte[]> proof) throws Exception {
        check(index < size, "the leaf is outside the tree");
        long at = index, last = size - 1;
        for (byte[] sibling : proof) {
            check(last > 0, "the proof is too long");
            boolean isRight = at % 2 == 1 || at == last;
            hash = isRight ? node(sibling, hash) : node(hash, sibling);
            for (; isRight && at % 2 == 0 && at != 0; at >>= 1) last >>= 1;
            at >>= 1; last >>= 1;
        }
        check(last == 0, "the proof is too short");
        return hash;
    }

    /** Root over leaves start to end: `leaves` begin at number `first`, hashes of the rest are in the proof. */
    static byte[] ranged(long start, long end, long first, List<Leaf> leaves, List<byte[]> proof) throws Exception {
        if (end <= first || start >= first + leaves.size()) return proof.remove(0);
        if (end - start == 1) return leaves.get((int) (start - first)).hash;
        long middle = start + Long.highestOneBit(end - start - 1);
        byte[] left = ranged(start, middle, first, leaves, proof);
        return node(left, ranged(middle, end, first, leaves, proof));
    }

    static void checkSignature(String text, String signatures, String[] key) throws Exception {
        byte[] raw = base64(key[2]);
        String id = hex(sha256(utf8(key[0] + "\n"), raw)).substring(0, 8), start = "\u2014 " + key[0] + " ";
        check(raw.length == 33 && raw[0] == 1 && id.equals(key[1]), "no Ed25519 verifier key");
        byte[] spki = HexFormat.of().parseHex("302a300506032b6570032100" + hex(raw).substring(2));
        for (String line : signatures.split("\n")) {
            byte[] bytes = line.startsWith(start) ? base64(line.substring(start.length())) : new byte[0];
            if (!hex(bytes).startsWith(id)) continue;
            Signature ed25519 = Signature.getInstance("Ed25519");
            ed25519.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(spki)));
            ed25519.update(utf8(text));
            check(ed25519.verify(bytes, 4, bytes.length - 4), "the signature is not of this head");
            return;
        }
        throw new IllegalArgumentException("not signed with this key");
    }
    static Leaf leaf(Matcher m) throws Exception {
        return new Leaf(leafHash(m.group()), new BigDecimal(m.group(1)), m.group(2), new BigDecimal(m.group(3)),
            m.group(4), m.group(5), m.group(6), Long.parseLong(m.group(7)));
    }

    static String verify(String file, String[] key) throws Exception {
        String[] parts = file.split("\n\n", 3), proof = parts[0].split("\n"), head = parts[1].split("\n");
        check(proof[0].equals("c2sp.org/tlog-proof@v1") && head[0].equals(key[0]), "no proof of this log");
        checkSignature(parts[1] + "\n", parts[2], key);
        check(proof[1].startsWith("extra ") && proof[2].startsWith("index "), "not a receipt");
        byte[] extra = base64(proof[1].substring(6));
        int split = new String(extra, StandardCharsets.ISO_8859_1).indexOf("\n\n");
        String[] lines = new String(extra, 0, split, StandardCharsets.UTF_8).split("\n");
        check(lines[0].equals("deltabook-receipt@v1"), "not a receipt of this form");
        Matcher seal = match(SEAL, lines[1], "seal ");
        List<byte[]> outer = Arrays.stream(proof).skip(3).map(Verify::base64).toList();
        long index = Long.parseLong(proof[2].substring(6)), logSize = Long.parseLong(head[1]);
        byte[] logRoot = included(leafHash(seal.group()), index, logSize, outer);
        check(Arrays.equals(logRoot, base64(head[2])), "the seal is not in the log");
        Matcher period = lines[2].startsWith("period ") ? match(PERIOD, lines[2], "period ") : null;
        List<Leaf> leaves = new ArrayList<>();
        for (String line : Arrays.asList(lines).subList(period == null ? 2 : 3, lines.length)) {
            String content = line.startsWith("private ") ? hex(sha256(utf8(line.substring(8)))) : null;
            if (content == null) leaves.add(leaf(match(LEAF, line, "leaf ")));
            else check(content.equals(leaves.get(leaves.size() - 1).content), "the private part is not what was hashed");
        }
        Leaf first = leaves.get(0), last = leaves.get(leaves.size() - 1), before = null;
        long size = Long.parseLong(seal.group(3));
        check(last.sequence <= size && (period != null || first == last), "leaves outside the tree");
        List<byte[]> inner = new ArrayList<>();
        for (int at = split + 2; at < extra.length; at += 32) inner.add(Arrays.copyOfRange(extra, at, at + 32));
        byte[] root = period == null ? included(first.hash, first.sequence - 1, size, inner)
            : ranged(0, size, first.sequence - 1, leaves, inner);
        check(period == null || inner.isEmpty(), "the proof is too long");
        check(hex(root).equals(seal.group(2)), "not in the customer's tree");
        if (first.sequence == 1) before = new Leaf(new byte[32], BigDecimal.ZERO, "", null, "", "", "", 0);
        for (Leaf leaf : leaves) {
            check(leaf.reference.equals(seal.group(1)), "delta of another customer");
            check(before == null || leaf.follows(before), "delta " + leaf.sequence + " does not follow the one before");
            before = leaf;
        }
        if (period == null) return "delta " + first.sequence + ": " + first.delta + ", balance " + first.balance;
        String from = period.group(1), to = period.group(2);
        check(first.sequence == 1 || first.recordedAt.compareTo(from) < 0, "no delta before the period");
        check(last.sequence == size || !to.isEmpty() && last.recordedAt.compareTo(to) >= 0, "no delta after the period");
        leaves.removeIf(leaf -> leaf.recordedAt.compareTo(from) < 0 || !to.isEmpty() && leaf.recordedAt.compareTo(to) >= 0);
        return "period with " + leaves.size() + " deltas";
    }

    public static void main(String[] arguments) throws Exception {
        try {
            String file = Files.readString(Path.of(arguments[0]));
            System.out.println("verified: " + verify(file, arguments[1].split("\\+", 3)));
        } catch (RuntimeException refusal) {
            System.out.println("refused: " + refusal.getMessage());
            System.exit(1);
        }
    }
}
