import type { Duplex } from "node:stream";

/** Has `note` called before every byte that is written to the stream, and after every byte that comes from it. */
export const watchBytes = <Stream extends Duplex>(stream: Stream, note: () => void): Stream => {
  const { _write: write, _writev: writeMany, push } = stream;
  stream._write = (...written) => {
    note();
    write.apply(stream, written);
  };
  if (typeof writeMany === "function") {
    stream._writev = (...written) => {
      note();
      writeMany.apply(stream, written);
    };
  }
  stream.push = (...pushed) => {
    if (pushed[0] !== null) note();
    return push.apply(stream, pushed);
  };
  return stream;
};
