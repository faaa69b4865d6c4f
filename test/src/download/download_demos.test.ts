import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { main } from '../../../src/cli.js';
import { loadConfig } from '../../../src/config/load.js';
import { filesBelow } from '../../../src/files/folders.js';
import { checkDataset } from '../../../src/training/dataset/run_dataset.js';
import { rememberSaid } from '../../said.js';
import { folderOfTests } from '../../temporary_folder.js';
import { demoFixture } from '../datasets/formats/maniskill/fixtures.js';
import { type Asked, FileServer } from './file_server.js';
import { zipArchive } from './zip_writer.js';

vi.mock('node:timers/promises', () => ({ setTimeout: async () => {} }));

const REPOSITORY = 'datasets/haosulab/ManiSkill_Demonstrations';
const workspace = folderOfTests();
const hub = await FileServer.start();
const storage = await FileServer.start();

const h5 = await readFile(demoFixture('pick_cube'));
const json = await readFile(demoFixture('pick_cube').replace(/h5$/, 'json'));
const rawH5 = await readFile(demoFixture('pick_cube_raw'));
const rawJson = await readFile(demoFixture('pick_cube_raw').replace(/h5$/, 'json'));
const archive = zipArchive([
  { name: 'PickCube-v1/motionplanning/trajectory.h5', data: rawH5 },
  { name: 'PickCube-v1/motionplanning/trajectory.json', data: rawJson },
  { name: 'PickCube-v1/rl/trajectory.state.h5', data: h5 },
  { name: 'PickCube-v1/rl/trajectory.state.json', data: json },
  { name: 'PickCube-v1/rl/sample.mp4', data: 'video' },
]);
const archiveSha256 = createHash('sha256').update(archive).digest('hex');

let home: string;
let demos: string;
let said: { text: string };
let count = 0;
beforeEach(async () => {
  home = join(workspace, `home${count++}`);
  demos = join(home, '.rlpd', 'demos');
  await mkdir(home);
  storage.part = join(demos, 'PickCube-v1.zip.part');
  vi.stubEnv('HOME', home);
  vi.stubEnv('HF_ENDPOINT', `${hub.origin}/`);
  vi.stubEnv('HF_TOKEN', '');
  for (const server of [hub, storage]) {
    server.asked.length = 0;
    server.faults.length = 0;
    server.files.clear();
  }
  hub.answer = hubAnswer;
  storage.files.set('/blob', { content: archive, headers: { etag: '"blob"' } });
  said = rememberSaid();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  process.exitCode = undefined;
});

/** The hub's side: the list of a folder, facts about paths, and a redirect to where large files are. */
function hubAnswer({ method, path, body }: Asked) {
  const lfs = { oid: archiveSha256, size: archive.length, pointerSize: 132 };
  const entry = (envId: string) => ({
    type: 'file',
    path: `demos/${envId}.zip`,
    oid: '0',
    size: lfs.size,
    lfs,
  });
  const reply = (value: unknown) => ({
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(value),
  });
  switch (`${method} ${path}`) {
    case `POST /api/${REPOSITORY}/paths-info/main`: {
      const [wanted] = (JSON.parse(body) as { paths: string[] }).paths;
      return reply(wanted === 'demos/PickCube-v1.zip' ? [entry('PickCube-v1')] : []);
    }
    case `GET /api/${REPOSITORY}/tree/main/demos?recursive=false&expand=false`: {
      const folder = { type: 'directory', path: 'demos/PickCube-v1', oid: '0', size: 0 };
      return reply([entry('PushCube-v1'), folder, entry('PickCube-v1')]);
    }
    case `GET /${REPOSITORY}/resolve/main/demos/PickCube-v1.zip`:
      return { status: 302, headers: { location: `${storage.origin}/blob` } };
    default:
      return { status: 404 };
  }
}

function run(...words: string[]): Promise<number> {
  return main(['data', 'download', ...words]);
}

describe('from the hub', () => {
  test('demonstrations arrive checked and unpacked, and say what to do with them', async () => {
    expect(await run('PickCube-v1')).toBe(0);
    expect(filesBelow(demos)).toEqual([
      'PickCube-v1/motionplanning/trajectory.h5',
      'PickCube-v1/motionplanning/trajectory.json',
      'PickCube-v1/rl/sample.mp4',
      'PickCube-v1/rl/trajectory.state.h5',
      'PickCube-v1/rl/trajectory.state.json',
    ]);
    expect(await readFile(join(demos, 'PickCube-v1/rl/trajectory.state.h5'))).toEqual(h5);
    for (const line of [
      `sha256 ${archiveSha256}: as it should be`,
      '~/.rlpd/demos/PickCube-v1/motionplanning/trajectory.h5: 1 episode, pd_joint_pos, no observations',
      '~/.rlpd/demos/PickCube-v1/rl/trajectory.state.h5: 3 episodes, pd_joint_delta_pos, observations: state',
      '  npm run rlpd -- train train.dataset_path=~/.rlpd/demos/PickCube-v1/rl/trajectory.state.h5\n',
    ]) {
      expect(said.text).toContain(line);
    }
  });

  test('training takes the path that is printed', async () => {
    await run('PickCube-v1');
    const [, override] = /npm run rlpd -- train (\S+)/.exec(said.text)!;
    await checkDataset(loadConfig('configs/default.yml', [override]));
  });

  test('an interrupted transfer goes on where it broke', async () => {
    storage.faults.push({ breakAfter: 10_000 }, ...Array(4).fill({ status: 503 }));
    expect(await run('PickCube-v1')).toBe(1);
    expect(said.text).toContain('gave up after 5 tries');
    expect((await readdir(demos)).sort()).toEqual(['PickCube-v1.zip.part', 'PickCube-v1.zip.part.json']);
    storage.asked.length = 0;
    expect(await run('PickCube-v1')).toBe(0);
    expect(storage.rangesAsked('/blob')).toEqual(['bytes=10000-']);
    expect(await readdir(demos)).toEqual(['PickCube-v1']);
  });

  test('Ctrl-C keeps what has arrived and says so', async () => {
    const whole = { content: archive, headers: { etag: '"blob"' } };
    storage.files.set('/blob', { ...whole, stallAfter: 10_000 });
    const interrupted = run('PickCube-v1');
    await vi.waitFor(async () => expect((await readFile(storage.part)).length).toBe(10_000), 10_000);
    process.emit('SIGINT');
    expect(await interrupted).toBe(130);
    expect(said.text).toContain('stopped; what has arrived is kept, and the same command goes on from there');
    process.exitCode = undefined;
    storage.files.set('/blob', whole);
    expect(await run('PickCube-v1')).toBe(0);
    expect(storage.rangesAsked('/blob')).toEqual([undefined, 'bytes=10000-']);
  });

  test('damaged bytes are found and deleted', async () => {
    const damaged = Buffer.from(archive);
    damaged[1000] ^= 1;
    storage.files.set('/blob', { content: damaged });
    expect(await run('PickCube-v1')).toBe(1);
    expect(said.text).toContain(`it should be ${archiveSha256}`);
    expect(await readdir(demos)).toEqual([]);
  });

  test('the token goes to the hub, and to nobody else', async () => {
    vi.stubEnv('HF_TOKEN', 'hf_secret');
    expect(await run('PickCube-v1')).toBe(0);
    expect(hub.asked.map(({ headers }) => headers.authorization)).toEqual(Array(2).fill('Bearer hf_secret'));
    expect(storage.asked.map(({ headers }) => headers.authorization)).toEqual([undefined]);
    await run('Own-v1', '--url', `${hub.origin}/own.zip`);
    expect(hub.asked.at(-1)!.headers.authorization).toBeUndefined();
  });

  test('what exists is not replaced, nor fetched, without being asked to', async () => {
    await run('PickCube-v1');
    storage.asked.length = 0;
    expect(await run('PickCube-v1')).toBe(1);
    expect(said.text).toMatch(
      /PickCube-v1 holds motionplanning\/trajectory\.h5 and others already: --overwrite/,
    );
    expect(storage.asked).toEqual([]);
    expect(await run('PickCube-v1', '--overwrite')).toBe(0);
  });

  test('without a name, what there is is listed', async () => {
    expect(await run()).toBe(0);
    expect(said.text).toMatch(/demonstrations on http.*\n {2}PickCube-v1 +[\d.]+ kB\n {2}PushCube-v1 /);
  });

  test('another revision and another folder', async () => {
    expect(await run('PickCube-v1', '--revision', 'refs/pr/1', '-o', join(home, 'own'))).toBe(1);
    expect(said.text).toContain('has no revision "refs/pr/1"');
    expect(hub.asked[0].path).toBe(`/api/${REPOSITORY}/paths-info/refs%2Fpr%2F1`);
    expect(await run('PickCube-v1', '-o', '~/own')).toBe(0);
    expect(await readdir(join(home, 'own'))).toEqual(['PickCube-v1']);
  });

  test('an unknown task gets the nearest name and the list', async () => {
    expect(await run('PickCub-v1')).toBe(1);
    expect(said.text).toContain('no demonstrations of "PickCub-v1"; did you mean PickCube-v1?');
    expect(said.text).toContain('There are: PickCube-v1, PushCube-v1');
  });

  test.each([
    ['a web site', () => ({ status: 200, body: '<html>' }), 'does not answer as a hub does'],
    ['a closed one', () => ({ status: 401 }), 'is HF_TOKEN right?'],
    ['a broken one', () => ({ status: 500 }), 'answers 500 Internal Server Error; gave up after 5 tries'],
  ])('%s instead of the hub is named', async (_title, answer, message) => {
    hub.answer = answer;
    expect(await run('PickCube-v1')).toBe(1);
    expect(said.text).toContain(message);
  });

  test('without a network, the host and other ways are named', async () => {
    vi.stubEnv('HF_ENDPOINT', 'http://no-such-hub.invalid');
    expect(await run('PickCube-v1')).toBe(1);
    expect(said.text).toContain('no-such-hub.invalid');
    expect(said.text).toContain(
      '--url takes a copy, and files copied by hand belong in ~/.rlpd/demos/PickCube-v1',
    );
  });
});

describe('from an address', () => {
  test('a dataset comes with its json', async () => {
    storage.files.set('/my%20demos/t.h5?key=1', { content: h5 });
    storage.files.set('/my%20demos/t.json?key=1', { content: json });
    expect(await run('PickCube-v1', '--url', `${storage.origin}/my%20demos/t.h5?key=1`)).toBe(0);
    expect(filesBelow(demos)).toEqual(['PickCube-v1/t.h5', 'PickCube-v1/t.json']);
    expect(said.text).toContain('not checked, for it is not known what it should be');
  });

  test('a dataset without its json is refused before it is fetched', async () => {
    storage.files.set('/t.h5', { content: h5 });
    expect(await run('PickCube-v1', '--url', `${storage.origin}/t.h5`)).toBe(1);
    expect(said.text).toContain('/t.json: the server answers 404');
    expect(storage.rangesAsked('/t.h5')).toEqual([]);
  });

  test('an archive of raw demonstrations alone tells how to convert them', async () => {
    const content = zipArchive([
      { name: 'trajectory.h5', data: rawH5 },
      { name: 'trajectory.json', data: rawJson },
    ]);
    storage.files.set('/raw.zip', { content });
    const sha256 = createHash('sha256').update(content).digest('hex').toUpperCase();
    expect(await run('PickCube-v1', '--url', `${storage.origin}/raw.zip`, '--sha256', sha256)).toBe(0);
    expect(said.text).toContain(
      '  npm run rlpd -- replay --traj-path ~/.rlpd/demos/PickCube-v1/trajectory.h5 ' +
        '-c pd_joint_delta_pos -o state --save-traj\n',
    );
  });

  test('a task that is not simulated here is said to be one', async () => {
    const pushing = rawJson.toString().replaceAll('PickCube-v1', 'PushT-v1');
    const content = zipArchive([
      { name: 'trajectory.h5', data: rawH5 },
      { name: 'trajectory.json', data: pushing },
    ]);
    storage.files.set('/push.zip', { content });
    expect(await run('PushT-v1', '--url', `${storage.origin}/push.zip`)).toBe(0);
    expect(said.text).toContain('There is no environment PushT-v1 here yet');
  });

  test('a dataset that can not be read is said to be one', async () => {
    storage.files.set('/t.h5', { content: h5.subarray(0, 5000) });
    storage.files.set('/t.json', { content: json });
    expect(await run('PickCube-v1', '--url', `${storage.origin}/t.h5`)).toBe(1);
    expect(said.text).toContain("~/.rlpd/demos/PickCube-v1/t.h5: can't be used: ");
  });

  test.each([
    ['no archive', Buffer.from('nothing of that kind, nothing of that kind'), 'damaged, or not a zip file'],
    ['an archive without datasets', zipArchive([{ name: 'a.txt', data: 'a' }]), 'there is no .h5 file in it'],
    [
      'an archive that escapes',
      zipArchive([{ name: '../../escape.h5', data: 'a' }]),
      'invalid relative path',
    ],
  ])('%s is refused, and leaves nothing', async (_title, content, message) => {
    storage.files.set('/x.zip', { content });
    expect(await run('PickCube-v1', '--url', `${storage.origin}/x.zip`)).toBe(1);
    expect(said.text).toContain(message);
    expect(filesBelow(home)).toEqual([]);
  });

  test('--quiet says nothing', async () => {
    storage.files.set('/t.zip', { content: archive });
    expect(await run('PickCube-v1', '--quiet', '--url', `${storage.origin}/t.zip`)).toBe(0);
    expect(said.text).toBe('');
  });
});

test.each([
  [['../escape'], 'Expected a name such as PickCube-v1'],
  [['X', '--url', 'ftp://host/x.zip'], 'Expected an http or https address'],
  [['X', '--url', 'http://me:secret@host/x.zip'], 'Names and passwords'],
  [['X', '--url', 'http://host/x.zip', '--sha256', 'abc'], 'Expected 64 hexadecimal digits'],
  [['X', '--url', 'http://host/x.zip', '--revision', 'v1'], '--revision is for the hub'],
  [['X', '--sha256', archiveSha256], '--sha256 is for --url'],
  [['--url', 'http://host/x.zip'], 'name the task'],
])('%j is refused', async (words, message) => {
  expect(await run(...words)).toBe(1);
  expect(said.text).toContain(message);
});

test('a target that is a file is refused before anything is fetched', async () => {
  await mkdir(demos, { recursive: true });
  await writeFile(join(demos, 'PickCube-v1'), '');
  expect(await run('PickCube-v1')).toBe(1);
  expect(said.text).toContain('is a file, not a folder');
  expect(hub.asked).toEqual([]);
});

test.each([
  ['HF_ENDPOINT', 'huggingface.co', 'HF_ENDPOINT is "huggingface.co"; it takes an address'],
  ['HF_TOKEN', 'secret', 'HF_TOKEN is something else; it takes a token of the hub, which starts with hf_'],
])('a wrong %s is named', async (name, value, message) => {
  vi.stubEnv(name, value);
  expect(await run('PickCube-v1')).toBe(1);
  expect(said.text).toContain(message);
});
