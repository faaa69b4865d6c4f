import type { z } from 'zod';
import { ALGORITHM_NAMES, type AlgorithmName, algorithmOf } from './algorithm_sections.js';
import { defaultConfig } from './load.js';
import { valueAt } from './overrides.js';
import { writeText } from './read_value.js';
import { configSchema } from './schema.js';
import { choicesOf, keysOf, type Schema } from './schema_tree.js';

const INTRODUCTION = `# Configuration

<!-- Written by scripts/write_docs.ts from the schemas in src/config and the options in src/algorithms. -->

A recipe is a YAML file; \`key=value\` words on the command line, such as \`train.steps=20_000\`, change single keys.
Unknown keys and values of the wrong kind are refused, with the nearest key. Defaults are the reference's
(ManiSkill, \`examples/baselines/rlpd\`) where it has the key.

The reference calls RLPD \`sac\`, and keeps the keys of the training in that section too. Its files and words are understood as they are:
\`sac.batch_size\` is \`train.batch_size\`, \`sac.num_qs\` is \`rlpd.num_qs\`, and \`algo: sac\` above a section \`sac\` with keys of the training
is \`algo: rlpd\`. Without those keys, it is plain soft actor-critic.
`;

/** The page of all keys of a configuration: each with its default, its choices and its meaning. */
export function referencePage(): string {
  const groups = Object.entries(keysOf(configSchema)!);
  const single = groups.filter(([, schema]) => !keysOf(schema));
  const sections = groups.filter(([, schema]) => keysOf(schema));
  return [
    INTRODUCTION,
    heading('The whole'),
    table(
      single.map(([key]) => key),
      'rlpd',
    ),
    ...sections.flatMap(([name, schema]) => section(name, schema)),
  ].join('\n');
}

function section(name: string, schema: Schema): string[] {
  const algorithm = ALGORITHM_NAMES.find((candidate) => candidate === name);
  const keys = leafKeys(schema, name);
  if (!algorithm) return [heading(`\`${name}\``), table(keys, 'rlpd')];
  const { paper } = algorithmOf(algorithm);
  return [
    heading(`\`${name}\`: options of the algorithm ${name}`),
    `${paper}. Networks and learning rates are in \`network\` and \`train\`.\n`,
    table(keys, algorithm),
  ];
}

function heading(text: string): string {
  return `## ${text}\n`;
}

function leafKeys(schema: Schema, path: string): string[] {
  const keys = keysOf(schema);
  if (!keys) return [path];
  return Object.entries(keys).flatMap(([key, inner]) => leafKeys(inner, `${path}.${key}`));
}

function table(keys: readonly string[], algo: AlgorithmName): string {
  const defaults = defaultConfig(algo);
  const rows = keys.map((key) => {
    const path = key.split('.');
    const schema = path.reduce<Schema>((node, name) => keysOf(node)![name], configSchema) as z.ZodType;
    const filled = writeText(valueAt(defaults, path) ?? null);
    return `| \`${key}\` | \`${ownDefault(schema) ?? filled}\` | ${meaning(schema)} |`;
  });
  return ['| key | default | meaning |', '| --- | --- | --- |', ...rows, ''].join('\n');
}

/** The text of null if that is the schema's default, which a complete configuration has filled in; else undefined. */
function ownDefault(schema: z.ZodType): string | undefined {
  return schema.safeParse(undefined).data === null ? writeText(null) : undefined;
}

function meaning(schema: z.ZodType): string {
  const choices = choicesOf(schema).map((choice) => `\`${writeText(choice)}\``);
  const parts = [schema.description, choices.length > 1 ? choices.join(', ') : undefined];
  return parts
    .filter((part) => part !== undefined)
    .join(': ')
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;');
}
