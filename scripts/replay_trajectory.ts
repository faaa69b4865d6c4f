#!/usr/bin/env node
import { runProcess } from '../src/cli.js';

await runProcess(['replay', ...process.argv.slice(2)]);
