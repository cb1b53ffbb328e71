/**
 * Advisory locks of writers of the revision log: a class in the upper 16 bits, the newest number at that time in the
 * lower 48. Any other advisory lock of this database has another class.
 */
export const writerClass = 0x5052;
export const writerKeyBase = BigInt(writerClass) << 48n;
