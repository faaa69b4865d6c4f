import { isWebAddress } from './download/http.js';
import { UserError } from './errors.js';
import { expandHome } from './files/paths.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The values that a variable takes. */
interface Kind<Value> {
  /** A description of these values in words. */
  takes: string;
  /** The value of a text; null for a text that it doesn't take. */
  read(text: string): Value | null;
  /** True if the value must not be shown, not even when it is wrong. */
  isSecret?: boolean;
}

const MAX_THREADS = 1024;

const text: Kind<string> = { takes: 'any text', read: (value) => value };
const path: Kind<string> = { takes: 'a path', read: expandHome };
const mode = oneOf('online', 'offline', 'disabled');
const webAddress: Kind<string> = {
  takes: 'an address such as https://huggingface.co, without name and password',
  read: (value) => (isWebAddress(value) && new URL(value).username === '' ? value : null),
};

/** All environment variables that the program reads; an empty one counts as not set. */
const VARIABLES = {
  RLPD_THREADS: {
    takes: `a whole number from 1 to ${MAX_THREADS}`,
    read: (value) => (/^\d{1,4}$/.test(value) && +value >= 1 && +value <= MAX_THREADS ? +value : null),
  } satisfies Kind<number>,
  RLPD_JAX_PYTHON: path,
  RLPD_D3RLPY_PYTHON: path,
  RLPD_FORMATS_PYTHON: path,
  HF_ENDPOINT: webAddress,
  HF_TOKEN: {
    takes: "a token of the hub, which starts with hf_; the demonstrations don't need one",
    read: (value) => (/^hf_\S+$/.test(value) ? value : null),
    isSecret: true,
  } satisfies Kind<string>,
  HF_HOME: path,
  HF_LEROBOT_HOME: path,
  MINARI_DATASETS_PATH: path,
  MS_ASSET_DIR: path,
  TFDS_DATA_DIR: path,
  WANDB_MODE: mode,
  WANDB_DIR: path,
  WANDB_ENTITY: text,
  WANDB_PROJECT: nameUpTo(128),
  WANDB_RUN_ID: nameUpTo(64),
  WANDB_RUN_GROUP: text,
  WANDB_NOTES: text,
  WANDB_TAGS: {
    takes: 'words of up to 64 characters with commas in between',
    read(value) {
      const tags = value.split(',').map((tag) => tag.trim());
      return tags.every((tag) => tag.length > 0 && tag.length <= 64) ? tags : null;
    },
  } satisfies Kind<string[]>,
};

export type VariableName = keyof typeof VARIABLES;

type Value<Name extends VariableName> = NonNullable<ReturnType<(typeof VARIABLES)[Name]['read']>>;

/** The value of an environment variable, null if it is not set. Throws a UserError that names it if it makes no sense. */
export function readVariable<Name extends VariableName>(
  name: Name,
  environment: Environment = process.env,
): Value<Name> | null {
  const given = environment[name]?.trim();
  if (!given) return null;
  const { takes, read, isSecret = false }: Kind<unknown> = VARIABLES[name];
  const value = read(given);
  if (value !== null) return value as Value<Name>;
  const shown = isSecret ? 'something else' : JSON.stringify(given);
  throw new UserError(`the environment variable ${name} is ${shown}; it takes ${takes}, or unset it`);
}

function oneOf<Word extends string>(...words: Word[]): Kind<Word> {
  const takes = `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
  return { takes, read: (value) => words.find((word) => word === value) ?? null };
}

/** Names that Weights & Biases accepts. */
function nameUpTo(length: number): Kind<string> {
  const takes = `up to ${length} characters, without / \\ # ? % :`;
  return { takes, read: (value) => (value.length <= length && !/[/\\#?%:]/.test(value) ? value : null) };
}
