export {
  base64Of,
  bytesEqual,
  bytesOfBase64,
  bytesOfHex,
  concatBytes,
  hexOf,
  textOfUtf8,
  utf8,
} from './bytes';
export { canonicalJson, type Json } from './canonical-json';
export {
  consistencySpans,
  proveConsistency,
  verifyConsistency,
  type ConsistencyClaim,
  type SizePair,
} from './consistency-proof';
export {
  inclusionSpans,
  proveInclusion,
  verifyInclusion,
  type InclusionClaim,
} from './inclusion-proof';
export { FIRST_PREVIOUS_PROOF_HASH, leafHash, leafText, type Leaf, type Sha256Hex } from './leaf';
export { MerkleTree, type OnNode } from './merkle-tree';
export { type Parsed } from './parsed';
export {
  proveRange,
  rangeSpans,
  verifyRange,
  type LeafRange,
  type RangeClaim,
} from './range-proof';
export {
  isTileLevel,
  TILE_HEIGHT,
  TILE_WIDTH,
  tileNodeReader,
  tilePath,
  tilePlaceOf,
  tilesOfSpans,
  tileWidth,
  type ReadTile,
  type Tile,
  type TilePlace,
} from './tiles';
export { emptyRoot, HASH_BYTES, hashLeaf, hashNode, isHash, type Sha256 } from './tree-hash';
export {
  hashOfSpan,
  nodesOfSpan,
  rootAtSize,
  type NodePlace,
  type ProofRefusal,
  type ProofVerdict,
  type ReadNode,
  type Span,
} from './tree-spans';
export {
  logHeadText,
  openLogHead,
  parseLogHead,
  verifyLogGrowth,
  type LogGrowthRefusal,
  type LogHead,
  type LogHeadRefusal,
  type OpenedLogHead,
} from './log-head';
export { type Refusal } from './refusal';
export {
  isKeyName,
  noteVerifierKey,
  noteVerifierKeyText,
  openNote,
  parseNoteVerifierKey,
  parseSignedNote,
  signedNoteText,
  type NoteRefusal,
  type NoteSignature,
  type NoteVerifierKey,
  type OpenedNote,
  type SignedNote,
  type VerifierCrypto,
  type VerifyEd25519,
} from './signed-note';
export {
  parseTlogProof,
  tlogProofText,
  verifyTlogProof,
  type TlogProof,
  type TlogProofRefusal,
} from './tlog-proof';
