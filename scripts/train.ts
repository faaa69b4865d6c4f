#!/usr/bin/env node
import { runProcess } from '../src/cli.js';

await runProcess(['train', ...process.argv.slice(2)]);
