import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ensurePythonEnvironment } from '../../../../scripts/bench/peers/python_environment.js';
import { folderOfTest } from '../../../temporary_folder.js';

let folder: string;
let requirements: string;
let python: string;

beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => {});
  folder = folderOfTest();
  requirements = join(folder, 'requirements.txt');
  python = join(folder, 'python3');
  writeFileSync(requirements, 'jax==1\n');
  writeScript('echo "$@" >> "$(dirname "$0")/installs"');
});

afterEach(() => {
  vi.restoreAllMocks();
});

it('installs once, and again when the requirements change', async () => {
  const environment = join(folder, 'environment');
  const installs = () => readFileSync(join(environment, 'bin/installs'), 'utf8').trim().split('\n');
  const ensure = () => ensurePythonEnvironment(environment, requirements, python);
  expect(await ensure()).toBe(join(environment, 'bin/python'));
  await ensure();
  expect(installs()).toEqual([expect.stringMatching(/^-m pip install .*-r .*requirements\.txt$/)]);
  writeFileSync(requirements, 'jax==2\n');
  await ensure();
  expect(installs()).toHaveLength(1);
});

it('starts over after an installation that failed, and says what pip said', async () => {
  const ensure = () => ensurePythonEnvironment(join(folder, 'environment'), requirements, python);
  writeScript('echo "ERROR: no jax==1 for this Python" >&2; exit 1');
  await expect(ensure()).rejects.toThrow(
    /can't install the packages of .*: ERROR: no jax==1 for this Python$/,
  );
  await expect(ensure()).rejects.toThrow(/no jax==1/);
});

it('says that Python is missing', async () => {
  const ensured = ensurePythonEnvironment(join(folder, 'environment'), requirements, join(folder, 'nothing'));
  await expect(ensured).rejects.toThrow(/there is no .*nothing; install Python 3\.11/);
});

/** Makes `python` a stand-in whose environments' Python does `work`. */
function writeScript(work: string): void {
  const inner = `#!/bin/sh\n${work}\n`;
  const outer = `#!/bin/sh\nmkdir -p "$3/bin"\ncat > "$3/bin/python" <<'END'\n${inner}END\nchmod +x "$3/bin/python"\n`;
  writeFileSync(python, outer);
  chmodSync(python, 0o755);
}
