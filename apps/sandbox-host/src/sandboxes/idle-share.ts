import * as os from "node:os";

/** Says, at each call, which part of the machine's processor time has been left since the one before. */
export const idleShares = (): (() => number) => {
  const read = () => {
    let [idle, all] = [0, 0];
    for (const { times } of os.cpus()) {
      idle += times.idle;
      all += times.idle + times.user + times.nice + times.sys + times.irq;
    }
    return { idle, all };
  };
  let before = read();
  return () => {
    const now = read();
    const share = now.all > before.all ? (now.idle - before.idle) / (now.all - before.all) : 1;
    before = now;
    return share;
  };
};
