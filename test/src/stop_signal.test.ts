import { afterEach, expect, it, vi } from 'vitest';
import { listenForStop } from '../../src/stop_signal.js';

// The tests themselves may have been started with nohup.
vi.mock('../../src/hang_up.js', () => ({ isHangUpIgnored: () => false }));

afterEach(() => vi.restoreAllMocks());

it('asks for an orderly stop once, then lets the signal end the process', () => {
  const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
  const onRequest = vi.fn();
  const stop = listenForStop(onRequest);
  expect(stop.signal.aborted).toBe(false);
  process.emit('SIGINT');
  expect(stop.signal.aborted).toBe(true);
  expect(onRequest).toHaveBeenCalledTimes(1);
  expect(kill).not.toHaveBeenCalled();
  process.emit('SIGTERM');
  expect(process.listenerCount('SIGTERM')).toBe(0);
  expect(kill).toHaveBeenCalledExactlyOnceWith(process.pid, 'SIGTERM');
  stop.release();
  expect(process.listenerCount('SIGINT')).toBe(0);
});

it('saves when the terminal is closed, also while it saves already', () => {
  const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
  const onRequest = vi.fn();
  const stop = listenForStop(onRequest);
  process.emit('SIGHUP');
  process.emit('SIGHUP');
  expect(stop.signal.aborted).toBe(true);
  expect(onRequest).toHaveBeenCalledTimes(1);
  expect(kill).not.toHaveBeenCalled();
  stop.release();
  expect(process.listenerCount('SIGHUP')).toBe(0);
});
