import { expect, it } from 'vitest';
import { JaxPeer } from '../../../../scripts/bench/peers/jax_peer.js';
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
  const peer = await JaxPeer.start(process.execPath, ['-e', ECHO]);
  expect(await peer.millisecondsPerUpdate({ numQs: 2, actorUpdateFreq: 1 }, 16)).toBe(201.016);
  expect(await peer.millisecondsPerUpdate({ numQs: 10, actorUpdateFreq: 16 }, 32)).toBe(1016.032);
  peer.close();
});

it('says why the peer has ended', async () => {
  const peer = await JaxPeer.start(process.execPath, ['-e', ECHO]);
  const asked = peer.millisecondsPerUpdate({ numQs: 0, actorUpdateFreq: 1 }, 16);
  await expect(asked).rejects.toThrow(new UserError('the peer in JAX has ended: no critics'));
});

it('says which variable names a Python that is not there', async () => {
  const started = JaxPeer.start('/nowhere/python', []);
  await expect(started).rejects.toThrow(/^can't run \/nowhere\/python: .*RLPD_JAX_PYTHON$/);
});
