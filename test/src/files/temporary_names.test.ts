import { mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { checkWritable } from '../../../src/files/folders.js';
import { removeStrays, temporaryOwner, temporaryPath } from '../../../src/files/temporary_names.js';
import { thisProcess } from '../../../src/process_identity.js';
import { folderOfTest } from '../../temporary_folder.js';
import { DEAD_PID } from '../runs/run_fixture.js';

let place: string;
beforeEach(() => {
  place = folderOfTest();
});

const { pid, born } = thisProcess();
/** A name as this process gives it, and as one with another number, birth or machine would. */
const own = basename(temporaryPath('a.h5'));
const ofDead = own.replace(`-${pid}-`, `-${DEAD_PID}-`);
const ofEarlierNamesake = own.replace(`-${born}-`, '-1-');
const ofOtherMachine = own.replace(/\.h5\.[0-9a-f]{8}-/, '.h5.00000000-');

function write(...names: string[]): void {
  for (const name of names) writeFileSync(join(place, name), '');
}

describe('a temporary name', () => {
  it('is hidden, beside its file, and tells its process', () => {
    expect(temporaryPath('d/a.h5')).toMatch(/^d\/\.a\.h5\..*\.tmp$/);
    expect(temporaryPath('d/a.h5')).toBe(temporaryPath('d/a.h5'));
    expect(temporaryOwner(own)).toMatchObject({ pid, born });
    expect(temporaryOwner(ofDead)).toMatchObject({ pid: DEAD_PID });
    expect(['a.h5', '.a.tmp', '.a.h5.12x.tmp'].map(temporaryOwner)).toEqual([null, null, null]);
  });

  it('fits where the name of the file does', () => {
    const [one, other] = ['a', 'b'].map((end) => `${'ü'.repeat(120)}${end}.h5`);
    checkWritable(join(place, one));
    expect(temporaryPath(one)).not.toBe(temporaryPath(other));
  });
});

describe('what killed commands left', () => {
  it('goes, with what is in it; what may still be written stays', () => {
    write(own, ofDead, ofEarlierNamesake, ofOtherMachine, 'a.h5');
    const staging = ofDead.replace('a.h5', 'PickCube-v1');
    mkdirSync(join(place, staging));
    writeFileSync(join(place, staging, 'b.h5'), '');
    removeStrays(place);
    expect(readdirSync(place).sort()).toEqual([own, ofOtherMachine, 'a.h5'].sort());
  });

  it('on another machine goes when nobody has touched it for an hour', () => {
    write(ofOtherMachine);
    const longAgo = new Date(Date.now() - 61 * 60_000);
    utimesSync(join(place, ofOtherMachine), longAgo, longAgo);
    removeStrays(place);
    expect(readdirSync(place)).toEqual([]);
  });

  it('under the names of earlier versions goes too, but not what other programs have under such names', () => {
    const theirs = [`.notes.txt.${DEAD_PID}.tmp`, `.h5.${DEAD_PID}.tmp`, `.a.h5.${process.ppid}.tmp`];
    write(`.a.h5.${DEAD_PID}.tmp`, `.a.h5.${pid}.tmp`, `.PickCube-v1.${DEAD_PID}.tmp`, ...theirs);
    removeStrays(place);
    expect(readdirSync(place).sort()).toEqual(theirs.sort());
  });

  it('in folders below goes only if they are asked for, and not behind links', () => {
    mkdirSync(join(place, 'run/models'), { recursive: true });
    const elsewhere = folderOfTest();
    writeFileSync(join(elsewhere, ofDead), '');
    symlinkSync(elsewhere, join(place, 'run/linked'));
    write(`run/models/${ofDead}`);
    removeStrays(place);
    expect(readdirSync(join(place, 'run/models'))).toEqual([ofDead]);
    removeStrays(place, { recursive: true });
    expect(readdirSync(join(place, 'run/models'))).toEqual([]);
    expect(readdirSync(elsewhere)).toEqual([ofDead]);
  });

  it('is removed by the next command that is to write beside it', () => {
    write(ofDead);
    checkWritable(join(place, 'b.mp4'));
    expect(readdirSync(place)).toEqual([]);
  });
});
