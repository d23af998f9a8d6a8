import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { replayModbus } from '../../scenarios/modbus.ts';

const RECORDED = '../shared/scenarios/dbus_modbustcp';

t.test(
  'recorded exchanges, byte for byte',
  { skip: !existsSync(RECORDED) && 'no recordings beside this clone' },
  async t => {
    for (const file of readdirSync(RECORDED).filter(name => name.endsWith('.json'))) {
      const { passed, failed } = await replayModbus(join(RECORDED, file));
      t.same(failed.slice(0, 5), [], `${file}: ${passed} as recorded, ${failed.length} not`);
      t.ok(passed > 0, file);
    }
  },
);
