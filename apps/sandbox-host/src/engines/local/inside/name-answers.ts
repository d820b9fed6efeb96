/** What names inside lead to: the supervisor, which takes the connection to the relay, or this machine itself. */
export const byNameAddress = "127.0.0.2";
const ownAddress = "127.0.0.1";

const headBytes = 12;
const questionBytesMax = 512;
const timeToLiveSeconds = 60;
const type = { A: 1 } as const;
const internet = 1;
const code = { good: 0, formatError: 1, noSuchName: 3 } as const;

interface Question {
  readonly name: string;
  readonly type: number;
  /** Where it ends in the message. */
  readonly end: number;
}

const readQuestion = (message: Buffer): Question | null => {
  const labels: string[] = [];
  let at = headBytes;
  for (;;) {
    const length = message[at];
    // A pointer has nothing to point to in the first name.
    if (length === undefined || length > 63) return null;
    at += 1;
    if (length === 0) break;
    if (at + length > message.length) return null;
    labels.push(message.toString("latin1", at, at + length).toLowerCase());
    at += length;
  }
  if (at + 4 > message.length || message.readUInt16BE(at + 2) !== internet) return null;
  return { name: labels.join("."), type: message.readUInt16BE(at), end: at + 4 };
};

const fullName = /^(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?\.)+[a-z](?:[a-z0-9-]*[a-z0-9])?$/;

/** Null: there is no such name. Whether a host may be reached is asked when somebody connects. */
const addressOf = (name: string): string | null => {
  if (name === "localhost" || name.endsWith(".localhost")) return ownAddress;
  return fullName.test(name) ? byNameAddress : null;
};

/** The answer to a DNS message; null: it is none that asks. */
export const answerName = (message: Buffer): Buffer | null => {
  if (message.length < headBytes || message.length > questionBytesMax) return null;
  const flags = message.readUInt16BE(2);
  // Only standard questions, one in a message.
  if ((flags & 0xf800) !== 0 || message.readUInt16BE(4) !== 1) return null;
  const question = readQuestion(message);
  const address = question === null ? null : addressOf(question.name);
  const isAnswered = question?.type === type.A && address !== null;
  const rcode = question === null ? code.formatError : address === null ? code.noSuchName : code.good;
  const head = Buffer.alloc(headBytes);
  message.copy(head, 0, 0, 2);
  // A response with recursion, which was asked for or not.
  head.writeUInt16BE(0x8080 | (flags & 0x0100) | rcode, 2);
  head.writeUInt16BE(question === null ? 0 : 1, 4);
  head.writeUInt16BE(isAnswered ? 1 : 0, 6);
  const asked = question === null ? Buffer.alloc(0) : message.subarray(headBytes, question.end);
  if (!isAnswered) return Buffer.concat([head, asked]);
  const answer = Buffer.alloc(16);
  answer.writeUInt16BE(0xc000 | headBytes, 0);
  answer.writeUInt16BE(type.A, 2);
  answer.writeUInt16BE(internet, 4);
  answer.writeUInt32BE(timeToLiveSeconds, 6);
  answer.writeUInt16BE(4, 10);
  Buffer.from(address.split(".").map(Number)).copy(answer, 12);
  return Buffer.concat([head, asked, answer]);
};
