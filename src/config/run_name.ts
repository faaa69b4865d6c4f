/** Rule for the name of a run or a sweep, for messages; slashes make it a folder in a folder. */
export const RUN_NAME_RULE = 'letters, digits, spaces and . _ @ + - only, in parts with / between them';

const PART = /^[\p{L}\p{M}\p{N} ._@+-]+$/u;

/** True if a run or a sweep may have this name: its folder is then inside the workspace, on every system. */
export function isRunName(name: string): boolean {
  return name.split('/').every((part) => PART.test(part) && !/^\.\.?$/.test(part) && part.trim() === part);
}
