import { execFileSync } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { commandText, quoted } from '../../src/command_text.js';

const home = process.cwd();
afterEach(() => process.chdir(home));

describe('a printed command', () => {
  it('goes by npm run in the folder of a clone', () => {
    expect(commandText('eval', 'exps/a')).toBe('npm run rlpd -- eval exps/a');
  });

  it('names the program file from any other folder', () => {
    process.chdir('/');
    expect(commandText('runs')).toBe(`node ${quoted(`${home}/dist/src/cli.js`)} runs`);
  });

  it.skipIf(process.platform === 'win32')('reaches the program word for word through a shell', () => {
    const words = [
      'exps/my run',
      "it's",
      'a=b #2',
      '$HOME',
      '*',
      'ä/ß',
      '',
      'tab\t',
      'key=~/a',
      'a~',
      '~b',
      '=c',
      '"d"',
    ];
    const echo = `node -e 'console.log(JSON.stringify(process.argv.slice(1)))' -- ${words.map(quoted).join(' ')}`;
    expect(JSON.parse(execFileSync('sh', ['-c', echo], { encoding: 'utf8' }))).toEqual(words);
  });

  it('leaves a leading ~ to the shell', () => {
    expect(quoted('~/my runs/a')).toBe("~/'my runs/a'");
  });
});
