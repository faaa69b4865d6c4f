import { afterEach, expect, it, vi } from 'vitest';
import { listenForStop } from '../../src/stop_signal.js';

// The tests themselves may have been started with nohup.
vi.mock('../../src/hang_up.js', () => ({ isHangUpIgnored: () => false }));

afterEach(() => vi.restoreAllMocks());

it('asks for an orderly stop once, then ends the process', () => {
  const exit = vi.spyOn(process, 'exit').mockImplementation((() => undefined) as never);
  const onRequest = vi.fn();
  const stop = listenForStop(onRequest);
  expect(stop.signal.aborted).toBe(false);
  process.emit('SIGINT');
  expect(stop.signal.aborted).toBe(true);
  expect(onRequest).toHaveBeenCalledTimes(1);
  expect(exit).not.toHaveBeenCalled();
  process.emit('SIGTERM');
  expect(exit).toHaveBeenCalledWith(130);
  stop.release();
  expect(process.listenerCount('SIGINT')).toBe(0);
});

it('saves when the terminal is closed, also while it saves already', () => {
  const exit = vi.spyOn(process, 'exit').mockImplementation((() => undefined) as never);
  const onRequest = vi.fn();
  const stop = listenForStop(onRequest);
  process.emit('SIGHUP');
  process.emit('SIGHUP');
  expect(stop.signal.aborted).toBe(true);
  expect(onRequest).toHaveBeenCalledTimes(1);
  expect(exit).not.toHaveBeenCalled();
  stop.release();
  expect(process.listenerCount('SIGHUP')).toBe(0);
});
