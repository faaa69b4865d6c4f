import type { Columns } from '../../column.js';
import type { MetadataValue } from '../../metadata.js';
import { columnsOfSpace } from './spaces.js';

/** The space that metadata give as a text, if columns are as it says; null otherwise. */
export function knownSpace(
  text: MetadataValue | undefined,
  part: 'observations' | 'actions',
  columns: Columns,
): string | null {
  if (typeof text !== 'string') return null;
  const declared = columnsOfSpace(part, text);
  if (!declared || declared.size !== columns.size) return null;
  for (const [path, { dtype, shape }] of columns) {
    const found = declared.get(path === '' ? part : `${part}/${path}`);
    const isSameType = found?.dtype === dtype || (found?.dtype === 'int8' && dtype === 'bool');
    if (!isSameType || found?.shape.join() !== shape.slice(1).join()) return null;
  }
  return text;
}
