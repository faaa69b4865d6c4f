import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, onTestFinished } from 'vitest';

/** A new folder that is removed when the test that runs, or is about to, has ended. */
export function folderOfTest(): string {
  const folder = newFolder();
  onTestFinished(() => removeFolder(folder));
  return folder;
}

/** A new folder that is removed after the tests of the calling file, or of the calling `describe`. */
export function folderOfTests(): string {
  const folder = newFolder();
  afterAll(() => removeFolder(folder));
  return folder;
}

function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'rlpd-test-'));
}

function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}
