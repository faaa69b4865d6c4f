/**
 * Loaded before a program (`node --import`), this kills its process in the middle of the file operation whose number is
 * in DIE_AT_FILE_OPERATION, counted in each thread: what was to be written is written by half, and the next thing that
 * was to happen does not.
 */
import fs from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

const last = Number(process.env.DIE_AT_FILE_OPERATION);
let count = 0;
const isLast = () => ++count === last;
const die = () => process.kill(process.pid, 'SIGKILL');

for (const name of ['open', 'rename', 'rm']) {
  const original = promises[name];
  promises[name] = (...args) => {
    if (isLast()) die();
    return original(...args);
  };
}

const { writeFile } = promises;
promises.writeFile = async (file, content) => {
  if (!isLast()) return writeFile(file, content);
  const isIterable = typeof content === 'object' && !ArrayBuffer.isView(content);
  await writeFile(file, half(isIterable ? Buffer.concat([...content]) : content));
  die();
};

const { appendFileSync } = fs;
fs.appendFileSync = (path, content) => {
  if (!isLast()) return appendFileSync(path, content);
  appendFileSync(path, half(content));
  die();
};

function half(content) {
  const bytes = Buffer.from(content);
  return bytes.subarray(0, bytes.length >> 1);
}

syncBuiltinESMExports();
