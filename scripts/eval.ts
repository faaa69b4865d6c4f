#!/usr/bin/env node
import { main } from '../src/cli.js';

process.exit(await main(['eval', ...process.argv.slice(2)]));
