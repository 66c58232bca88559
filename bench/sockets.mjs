// A crowd of Socket.IO clients in one process, the same for both servers.
// node sockets.mjs FOLDER_WITH_SOCKET_IO '{"kind": "ours"|"nodecg", "url", "token", "counts": [100, 500], "changes": 20}'
// prints {"100": [milliseconds from the change to the last socket, one a change], …}
import { createRequire } from "node:module";

const require = createRequire(`${process.argv[2]}/`);
const { io } = require("socket.io-client");
const { kind, url, token, counts, changes } = JSON.parse(process.argv[3]);
const REPLICANT = { namespace: "bench", name: "bench", opts: {} };
const PAUSE_MS = 120;

const now = () => performance.timeOrigin + performance.now();
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

let heard = () => {};

function attend() {
  return new Promise((resolve, reject) => {
    const auth = { token, page: "bench" };
    const socket = io(url, { transports: ["websocket"], forceNew: true, reconnection: false, auth });
    socket.on("connect_error", reject);
    socket.on("connect", () => {
      if (kind === "ours") socket.emit("subscribe", ["obs"], () => resolve(socket));
      else
        socket.emit("joinRoom", "replicant:bench:bench", () =>
          socket.emit("replicant:declare", REPLICANT, () => resolve(socket)),
        );
    });
    if (kind === "ours") socket.on("topic", ({ value }) => heard(value.version));
    else socket.on("replicant:operations", ({ operations }) => heard(madeAt(operations)));
  });
}

// an assignment comes as one overwrite of the whole value
const madeAt = (operations) => operations[0].args.newValue.version;

async function measure(count) {
  let left = count;
  const done = new Promise((resolve) => {
    heard = (at) => {
      left -= 1;
      if (left === 0) resolve(now() - Number(at));
    };
  });
  const answer = await fetch(`${url}/bench/pulse?count=1&hz=1`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
  });
  if (!answer.ok) throw new Error(`pulse: ${answer.status}`);
  return done;
}

const sockets = [];
const out = {};
for (const count of counts) {
  while (sockets.length < count) {
    const more = Math.min(20, count - sockets.length);
    sockets.push(...(await Promise.all(Array.from({ length: more }, attend))));
  }
  await pause(500);
  const times = [];
  for (let change = 0; change < changes; change += 1) {
    times.push(await measure(count));
    await pause(PAUSE_MS);
  }
  out[count] = times;
}
console.log(JSON.stringify(out));
process.exit(0);
