import { writeFileSync } from 'node:fs';
import { referencePage } from '../src/config/reference_page.js';

/** Writes the pages of `docs/` that are made from the code. */
writeFileSync('docs/configuration.md', referencePage());
