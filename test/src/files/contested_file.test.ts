import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { replaceContested } from '../../../src/files/contested_file.js';
import { type ProcessIdentity, thisProcess } from '../../../src/process_identity.js';
import { folderOfTest } from '../../temporary_folder.js';
import { DEAD_PID } from '../runs/run_fixture.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = folderOfTest();
  path = join(folder, 'count');
});

const countUp = () => replaceContested(path, (current) => String(Number(current) + 1));
const content = () => readFileSync(path, 'utf8');

/** Makes the claims to what follows that another process would have made, and gives the last of them. */
async function claimedBy(...owners: ProcessIdentity[]): Promise<string> {
  const countingElsewhere = folderOfTest();
  const counting = replaceContested(join(countingElsewhere, 'count'), () => '1');
  const [first] = readdirSync(countingElsewhere).filter((name) => name.endsWith('.claim'));
  await counting;
  const claims = owners.map((_, i) => join(folder, first.replace('-0.claim', `-${i}.claim`)));
  for (const [i, claim] of claims.entries()) writeFileSync(claim, JSON.stringify(owners[i]));
  return claims.at(-1)!;
}

const DEAD = { ...thisProcess(), pid: DEAD_PID };

it('each of those who replace a file at once follows another one', async () => {
  await Promise.all(Array.from({ length: 8 }, countUp));
  expect(content()).toBe('8');
  expect(readdirSync(folder)).toEqual(['count']);
});

it('who was overtaken between looking and replacing looks again', async () => {
  let looks = 0;
  await replaceContested(path, (current) => {
    if (++looks === 1) writeFileSync(path, '7');
    return String(Number(current) + 1);
  });
  expect([looks, content()]).toEqual([2, '8']);
});

it('who was killed while replacing the file, once or twice, is no obstacle', async () => {
  await claimedBy(DEAD, DEAD);
  await countUp();
  expect(content()).toBe('1');
  expect(readdirSync(folder)).toEqual(['count']);
});

it('who is about to replace it is waited for', async () => {
  const claim = await claimedBy(DEAD, { ...thisProcess(), host: 'elsewhere' });
  const counting = countUp();
  writeFileSync(path, '7');
  rmSync(claim);
  await counting;
  expect(content()).toBe('8');
});

it('what is thrown is thrown, and nothing is replaced', async () => {
  await countUp();
  const refused = replaceContested(path, () => {
    throw new Error('taken');
  });
  await expect(refused).rejects.toThrow('taken');
  expect(content()).toBe('1');
  await expect(replaceContested(join(folder, 'none', 'x'), () => '')).rejects.toThrow('its folder does not');
});
