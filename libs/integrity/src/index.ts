export {
  base64Of,
  bytesEqual,
  bytesOfBase64,
  bytesOfHex,
  concatBytes,
  hexOf,
  ownText,
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
export { FIRST_PREVIOUS_PROOF_HASH, hashedLeaf, leafText, type Leaf, type Sha256Hex } from './leaf';
export { hashesOf, MerkleTree, type OnNode } from './merkle-tree';
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
export { AMOUNT_PATTERN, isAmountText, nanoOfText, textOfNano } from './amount-text';
export {
  findDifference,
  type DifferenceResult,
  type DifferenceSearch,
  type FetchLevel,
  type TreeHead,
} from './difference';
export {
  verifyDifference,
  type DifferenceProof,
  type DifferenceRefusal,
  type DifferenceSide,
} from './difference-proof';
export {
  keyLinkText,
  KEYS_FORMAT,
  keysJson,
  noteVerifierKeys,
  parseKeysJson,
  verifyKeyChain,
  type ChainedKey,
  type KeyChain,
  type KeyChainRefusal,
  type KeyLink,
  type KeysJson,
  type VerifiedKeys,
} from './key-chain';
export { CHAIN_START, type ChainPoint, type ChainProblem } from './leaf-chain';
export { LeafRun } from './leaf-run';
export {
  isLevelRequest,
  LEVEL_NODE_COUNT_MAX,
  levelNodes,
  levelSpan,
  levelWidth,
  topRow,
  type LevelRequest,
} from './level-nodes';
export { type ProvenDelta, type ProvenPeriod } from './proven-period';
export {
  isHashText,
  isReferenceText,
  isTimeText,
  leafFault,
  parseLeaf,
  TIME_PATTERN,
} from './read-leaf';
export {
  RECEIPT_FORMAT,
  type Receipt,
  type ReceiptDelta,
  type ReceiptPeriod,
  type SealProof,
} from './receipt';
export { receiptAnswers, type AnswerRefusal, type ReceiptQuestion } from './receipt-answers';
export { parseReceiptFile, receiptFileText, ReceiptFileWriter } from './receipt-file';
export {
  parseReceiptJson,
  receiptDeltaJson,
  receiptJson,
  type ReceiptDeltaJson,
  type ReceiptJson,
} from './receipt-json';
export { parseSeal, sealText, type Seal } from './seal';
export {
  recomputeDelta,
  type DeltaProblem,
  type ExpectedDelta,
  type RecomputedDelta,
} from './verify-delta';
export {
  verifyReceipt,
  verifyReceiptFile,
  type ReceiptRefusal,
  type VerifiedReceipt,
} from './verify-receipt';
export { proveReceipt, type ReceiptContent, type ReceiptSource } from './prove-receipt';
