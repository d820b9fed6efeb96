/**
 * How much a sandbox host or a container may answer. What stands in the answers comes from programs inside, so each bound
 * lies above what a well-behaved one sends, and low enough for a worker that serves every thread. Sizes are in bytes.
 */
const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;

/** An answer in JSON: both outputs of a program, 1 MiB each with every byte escaped, are the longest. */
export const answerBytesMax = 16 * mebibyte;
/** A refusal in the host's own words. */
export const refusalBytesMax = 64 * kibibyte;
/** How deep the JSON of an answer may nest. */
export const answerDepthMax = 16;
/** A file that a provider can only hand over whole. */
export const wholeFileBytesMax = 24 * mebibyte;
export const entriesMax = 20_000;
export const processesMax = 1_000;
