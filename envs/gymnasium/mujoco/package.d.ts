/** MuJoCo's WebAssembly build, which may not be installed; `load_mujoco.ts` knows what is in it. */
declare module '@mujoco/mujoco' {
  const load: () => Promise<unknown>;
  export default load;
}
