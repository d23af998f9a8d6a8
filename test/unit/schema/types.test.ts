/**
 * What the compiler refuses, said as types: this file does not compile when a wrong path, a value of the wrong type or
 * a forgotten part of a product's identity would be taken.
 */
import t from 'tap';
import type { batterySchema } from '../../../src/schema/battery.ts';
import { type ProductIdentity, productValues } from '../../../src/schema/product.ts';
import type { PathOf, ValueAt } from '../../../src/schema/row.ts';
import type { switchSchema } from '../../../src/schema/switch.ts';
import type { systemSchema } from '../../../src/schema/system.ts';
import type { vebusSchema } from '../../../src/schema/vebus.ts';

type Yes<T extends true> = T;
type No<T extends false> = T;
type Is<A, B> = [A, B] extends [B, A] ? true : false;
type Takes<Wanted, Given> = [Given] extends [Wanted] ? true : false;

type Battery = typeof batterySchema;
type Vebus = typeof vebusSchema;

/** Each entry compiles only when what it says holds. */
export type Checks = [
  Yes<Takes<PathOf<Battery>, '/Dc/0/Voltage'>>,
  Yes<Takes<PathOf<Battery>, '/Diagnostics/LastErrors/2/Error'>>,
  Yes<Takes<PathOf<Vebus>, '/Ac/Out/L3/P'>>,
  Yes<Takes<PathOf<Vebus>, '/Leds/Mains'>>,
  Yes<Takes<PathOf<typeof switchSchema>, '/SwitchableOutput/pwm_1/Settings/Type'>>,
  No<Takes<PathOf<Battery>, '/Dc/0/Voltag'>>,
  No<Takes<PathOf<Battery>, '/Diagnostics/LastErrors/two/Error'>>,
  No<Takes<PathOf<Vebus>, '/Ac/Out/L4/P'>>,
  No<Takes<PathOf<Battery>, string>>,
  Yes<Is<ValueAt<Battery, '/Dc/0/Voltage'>, number | null>>,
  Yes<Is<ValueAt<Battery, '/Mgmt/Connection'>, string | null>>,
  Yes<Is<ValueAt<Battery, '/FirmwareVersion'>, number | string | null>>,
  Yes<Is<ValueAt<Vebus, '/Alarms/L1/Ripple'>, number | null>>,
  Yes<Is<ValueAt<typeof systemSchema, '/ServiceMapping/com_victronenergy_vebus_0'>, string | null>>,
  No<Takes<ValueAt<Battery, '/Dc/0/Voltage'>, string>>,
  No<Takes<ValueAt<Battery, '/ProductName'>, number>>,
  No<Takes<ProductIdentity, Omit<ProductIdentity, 'productId'>>>,
  No<Takes<ProductIdentity, Omit<ProductIdentity, 'connected'>>>,
  Yes<Takes<ProductIdentity, Omit<ProductIdentity, 'serial' | 'customName'>>>,
];

t.test('the values of an identity stand at their paths', async t => {
  const identity: ProductIdentity = {
    processName: 'gxd',
    processVersion: '1.0',
    connection: 'VE.Direct',
    deviceInstance: 258,
    productId: 0x204,
    productName: 'BMV-702',
    firmwareVersion: 0x308,
    hardwareVersion: null,
    connected: 1,
  };
  t.same(
    productValues(identity).map(([path, , value]) => [path, value]),
    [
      ['/Mgmt/ProcessName', 'gxd'],
      ['/Mgmt/ProcessVersion', '1.0'],
      ['/Mgmt/Connection', 'VE.Direct'],
      ['/DeviceInstance', 258],
      ['/ProductId', 0x204],
      ['/ProductName', 'BMV-702'],
      ['/FirmwareVersion', 0x308],
      ['/HardwareVersion', null],
      ['/Connected', 1],
    ],
  );
  t.ok(productValues({ ...identity, customName: 'House' }).some(([path]) => path === '/CustomName'));
});
