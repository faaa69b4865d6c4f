import { expect, it } from 'vitest';
import { JAX_PEER } from '../../../../scripts/bench/peers/programs.js';
import { PythonPeer } from '../../../../scripts/bench/peers/python_peer.js';
import { UserError } from '../../../../src/errors.js';

/** Stands in for the peer's script, in a language that is there: answers with what it was asked, or ends. */
const ECHO = `
  require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
    const { num_qs, actor_update_freq, updates } = JSON.parse(line);
    if (num_qs === 0) {
      console.error('no critics');
      process.exit(1);
    }
    console.log(JSON.stringify({ milliseconds: 100 * num_qs + actor_update_freq + updates / 1000 }));
  });
`;

it('asks the peer round after round', async () => {
  const peer = await PythonPeer.start(JAX_PEER, process.execPath, ['-e', ECHO]);
  expect(await peer.millisecondsPerUpdate({ num_qs: 2, actor_update_freq: 1, updates: 16 })).toBe(201.016);
  expect(await peer.millisecondsPerUpdate({ num_qs: 10, actor_update_freq: 16, updates: 32 })).toBe(1016.032);
  peer.close();
});

it('says why the peer has ended', async () => {
  const peer = await PythonPeer.start(JAX_PEER, process.execPath, ['-e', ECHO]);
  const asked = peer.millisecondsPerUpdate({ num_qs: 0, actor_update_freq: 1, updates: 16 });
  await expect(asked).rejects.toThrow(new UserError('the peer in JAX has ended: no critics'));
});

it('says which variable names a Python that is not there', async () => {
  const started = PythonPeer.start(JAX_PEER, '/nowhere/python', []);
  await expect(started).rejects.toThrow(/^can't run \/nowhere\/python: .*RLPD_JAX_PYTHON$/);
});
