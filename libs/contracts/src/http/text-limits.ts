// Lengths of texts, in Unicode characters.

export const CUSTOMER_ID_LENGTH_MAX = 128;
export const REASON_LENGTH_MAX = 500;
export const REFERENCE_ID_LENGTH_MAX = 256;
