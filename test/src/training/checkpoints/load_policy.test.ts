import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { UserError } from '../../../../src/errors.js';
import { loadCheckpoint } from '../../../../src/training/checkpoints/checkpoint.js';
import {
  findCheckpoint,
  findResumePoint,
  runPathOf,
} from '../../../../src/training/checkpoints/load_policy.js';
import { folderOfTest } from '../../../temporary_folder.js';

let workspace: string;
let run: string;
beforeEach(() => {
  workspace = folderOfTest();
  run = join(workspace, 'run');
  mkdirSync(join(run, 'models'), { recursive: true });
  for (const file of [
    'config.yml',
    'models/latest.safetensors',
    'models/ckpt_80.safetensors',
    'models/ckpt_80.policy.onnx',
    'models/alone.policy.onnx',
    'model.jx',
  ]) {
    writeFileSync(join(run, file), 'something else');
  }
});

it.each([
  ['', 'models/latest.safetensors'],
  ['models/ckpt_80.safetensors', 'models/ckpt_80.safetensors'],
  ['models/ckpt_80', 'models/ckpt_80.safetensors'],
  ['models/ckpt_80.policy.onnx', 'models/ckpt_80.safetensors'],
  ['models/none', 'models/none.safetensors'],
  ['model.jx', 'model.jx'],
])('"%s" of a run means %s', (target, file) => {
  expect(findCheckpoint(join(run, target))).toBe(join(run, file));
});

it.each([
  ['../none', /none: no such run folder or checkpoint/],
  ['models', /no run there/],
  ['models/alone.policy.onnx', /needs its checkpoint .*alone\.safetensors, which is missing/],
])('"%s" is refused', (target, message) => {
  expect(() => findCheckpoint(join(run, target))).toThrow(UserError);
  expect(() => findCheckpoint(join(run, target))).toThrow(message);
});

it.each([
  ['', '', undefined],
  ['/', '/', undefined],
  ['models/ckpt_80.safetensors', '', 'ckpt_80'],
  ['models/ckpt_80', '', 'ckpt_80'],
  ['models/ckpt_80.policy.onnx', '', 'ckpt_80'],
  ['models/none', '', 'none'],
  ['../none', '/../none', undefined],
])('to go on with "%s" of a run is to go on with "%s", from %s', (target, runPath, name) => {
  const point = findResumePoint(target === '/' ? `${run}/` : join(run, target));
  expect([join(point.runPath), point.name]).toEqual([join(`${run}${runPath}`), name]);
});

it('a checkpoint that is in no run is none to go on with', () => {
  const copy = join(workspace, 'copy.safetensors');
  for (const target of [copy, join(run, 'model.jx')]) {
    expect(() => findResumePoint(target)).toThrow("is in no run's models folder: give the folder of the run");
  }
});

it.each([
  ['models/none', /none\.safetensors: no such checkpoint; others in .*models: ckpt_80, latest/],
  ['model.jx', /model\.jx: not a usable checkpoint: .*not a safetensors file/],
])('what "%s" means is refused when it is loaded', async (target, message) => {
  await expect(loadCheckpoint(findCheckpoint(join(run, target)))).rejects.toThrow(message);
});

it('a checkpoint knows its run by the folder models', () => {
  expect(runPathOf('exps/run/models/latest.safetensors')).toBe(join('exps', 'run'));
  expect(runPathOf('elsewhere/latest.safetensors')).toBeNull();
});
