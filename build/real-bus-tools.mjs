/** Installs what the recorded cases need on a real bus: simulated services in Python, and a clock that can be stepped. */
import { ensureCommands } from './lib.mjs';

ensureCommands({
  'dbus-daemon': 'dbus',
  '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1': 'faketime',
  '/usr/bin/python3': 'python3',
  '/usr/lib/python3/dist-packages/dbus': 'python3-dbus',
  '/usr/lib/python3/dist-packages/gi': 'python3-gi',
  '/usr/lib/python3/dist-packages/lxml': 'python3-lxml',
});
