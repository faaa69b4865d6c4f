/**
 * Times all further calls of a method, or those whose first argument `counts`. Returns a function that gives the
 * seconds of the calls since it was last called.
 */
export function stopwatch<Name extends string>(
  target: Record<Name, (...args: never[]) => unknown>,
  name: Name,
  counts: (argument: unknown) => boolean = () => true,
): () => number {
  const method = target[name].bind(target);
  let seconds = 0;
  target[name] = (...args) => {
    if (!counts(args[0])) return method(...args);
    const start = performance.now();
    const stop = () => {
      seconds += (performance.now() - start) / 1000;
    };
    const result = method(...args);
    if (result instanceof Promise) return result.finally(stop);
    stop();
    return result;
  };
  return () => {
    const taken = seconds;
    seconds = 0;
    return taken;
  };
}
