#!/usr/bin/env node
import { main } from '../src/cli.js';

process.exit(await main(['replay', ...process.argv.slice(2)]));
