import { expect, it } from 'vitest';
import { LiveBlock } from '../../src/live_block.js';

it('redraws its lines in place and keeps what is printed above them', () => {
  const written: string[] = [];
  const stream = { write: (text: string) => written.push(text) } as unknown as NodeJS.WriteStream;
  const block = new LiveBlock(stream);
  block.draw('one\ntwo');
  block.draw('three');
  block.print('note');
  expect(written).toEqual([
    '\x1b[?7lone\ntwo\x1b[?7h\n',
    '\x1b[2A\r\x1b[0J\x1b[?7lthree\x1b[?7h\n',
    '\x1b[1A\r\x1b[0Jnote\n',
    '\x1b[?7lthree\x1b[?7h\n',
  ]);
});
