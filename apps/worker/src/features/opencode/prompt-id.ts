const timeHexLength = 12;
const randomLength = 14;
const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** A message id as OpenCode makes them: `msg_`, six bytes of time in hex (ms · 4096), then random characters. */
export const newPromptId = (now: number): string => {
  const time = (BigInt(now) * 4096n) & ((1n << 48n) - 1n);
  const random = [...crypto.getRandomValues(new Uint8Array(randomLength))].map(
    (byte) => alphabet[byte % alphabet.length],
  );
  return `msg_${time.toString(16).padStart(timeHexLength, "0")}${random.join("")}`;
};
