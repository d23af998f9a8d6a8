/**
 * Relays and digital inputs as a board has them: value files in folders that are linked by name, the program itself, a
 * real bus. What a restart or a kill does to the line of a running engine is read from the time of its file.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { DbusBus } from '../../src/bus/dbus/dbus-bus.ts';
import type { Value } from '../../src/schema/row.ts';
import { openTestBus, Picture, until } from '../support/bus-client.ts';
import { TestDaemon } from '../support/dbus-daemon.ts';
import { type Ended, type RunningGxd, runGxd, startGxd } from '../support/program.ts';

const SETTINGS = 'com.victronenergy.settings';
const SYSTEM = 'com.victronenergy.system';
const GENERATOR = 'com.victronenergy.generator.startstop0';
const INPUTS = 'com.victronenergy.digitalinputs';
const INPUT = 'com.victronenergy.digitalinput.input01';
const ACTORS = 'settings,system,generator,alarm-relay,tank-pump,temperature-relay,digital-inputs';
/** Name of the link → direction of the line, its number in the kernel. */
const LINES = { relay_1: ['out', 36], relay_2: ['out', 35], digital_input_1: ['in', 6] } as const;

class Board {
  readonly folder = mkdtempSync(join(tmpdir(), 'gxd-board-'));
  readonly links = join(this.folder, 'dev-gpio');

  constructor() {
    mkdirSync(this.links);
    for (const [name, [direction, number]] of Object.entries(LINES)) {
      const pin = join(this.folder, `gpio${number}`);
      mkdirSync(pin);
      for (const [file, text] of Object.entries({ value: '0', direction, edge: 'none', active_low: '0' }))
        writeFileSync(join(pin, file), `${text}\n`);
      symlinkSync(pin, join(this.links, name));
    }
  }

  value(name: keyof typeof LINES): string {
    return readFileSync(join(this.links, name, 'value'), 'utf8').trim();
  }

  /** When the line was last written, whatever with. */
  writtenAt(name: keyof typeof LINES): bigint {
    return statSync(join(this.links, name, 'value'), { bigint: true }).mtimeNs;
  }

  drive(name: keyof typeof LINES, level: 0 | 1): void {
    writeFileSync(join(this.links, name, 'value'), `${level}\n`);
  }
}

class Plant {
  readonly board = new Board();
  readonly picture = new Picture();
  readonly #daemon: TestDaemon;
  readonly #bus: DbusBus;
  readonly #data = mkdtempSync(join(tmpdir(), 'gxd-test-'));
  #gxd: RunningGxd | undefined;

  private constructor(daemon: TestDaemon, bus: DbusBus) {
    this.#daemon = daemon;
    this.#bus = bus;
    bus.observe(this.picture);
  }

  static async begin(t: Test): Promise<Plant> {
    const daemon = await TestDaemon.start();
    const plant = new Plant(daemon, await openTestBus(daemon.address));
    t.teardown(() => plant.#end());
    await plant.start();
    return plant;
  }

  async start(): Promise<void> {
    this.#gxd = startGxd(['run', '--only', ACTORS, '--data', this.#data, '--gpio', this.board.links], {
      DBUS_SYSTEM_BUS_ADDRESS: this.#daemon.address,
    });
    await this.until('the relays', () => this.get(SYSTEM, '/Relay/1/State') !== undefined);
  }

  async stop(signal: NodeJS.Signals): Promise<void> {
    await this.#gxd?.kill(signal);
    await this.until('its end', () => !this.picture.services.has(SYSTEM));
  }

  get(service: string, path: string): Value | undefined {
    return this.picture.value(service, path);
  }

  set(service: string, path: string, value: number): Promise<number> {
    return this.#bus.setValue(service, path, { signature: 'i', value });
  }

  /** A command beside it. */
  gxd(...args: string[]): Promise<Ended> {
    return runGxd(args, { DBUS_SYSTEM_BUS_ADDRESS: this.#daemon.address });
  }

  /** For another service the relay is set to. */
  async assign(duty: number): Promise<void> {
    await this.set(SETTINGS, '/Settings/Relay/Function', duty);
    await this.until(`function ${duty}`, () => this.get(SYSTEM, '/SwitchableOutput/0/Settings/Function') === duty);
  }

  until(what: string, condition: () => boolean): Promise<void> {
    return until(`${what}\n${this.#gxd?.said ?? ''}`, condition);
  }

  async #end(): Promise<void> {
    await this.#gxd?.kill('SIGKILL');
    await this.#bus.close();
    await this.#daemon.stop();
    for (const folder of [this.board.folder, this.#data]) rmSync(folder, { recursive: true, force: true });
  }
}

t.test('the relays of a board, an engine on one of them, and its inputs', async t => {
  const plant = await Plant.begin(t);
  const { board } = plant;

  await t.test('a relay that is switched on the bus is switched on the board', async t => {
    t.equal(await plant.set(SYSTEM, '/Relay/1/State', 1), 0);
    t.equal(board.value('relay_2'), '1');
    t.equal(await plant.set(SYSTEM, '/SwitchableOutput/1/State', 0), 0);
    t.equal(board.value('relay_2'), '0');
    await plant.until('what is shown', () => plant.get(SYSTEM, '/Relay/1/State') === 0);
    t.equal(plant.get(SYSTEM, '/SwitchableOutput/1/Status'), 0);
    t.equal(await plant.set(SYSTEM, '/Relay/1/State', 1), 0);
  });

  await t.test('its function is a setting, and one that it cannot have is refused', async t => {
    t.not(await plant.set(SYSTEM, '/SwitchableOutput/1/Settings/Function', 1), 0);
    t.equal(await plant.set(SYSTEM, '/SwitchableOutput/0/Settings/Function', 1), 0);
    await plant.until('the generator', () => plant.picture.services.has(GENERATOR));
  });

  await t.test('killed and started again, the program does not touch the engine, and knows why it runs', async t => {
    t.equal(await plant.set(GENERATOR, '/ManualStart', 1), 0);
    await plant.until('the engine', () => board.value('relay_1') === '1');
    await plant.until('its record', () => plant.get(SETTINGS, '/Settings/Generator0/RunRecord') !== '');
    for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
      const writtenAt = board.writtenAt('relay_1');
      await plant.stop(signal);
      t.equal(board.value('relay_1'), '1', `after ${signal}`);
      await plant.start();
      await plant.until('the engine', () => plant.get(GENERATOR, '/State') === 1);
      t.equal(plant.get(GENERATOR, '/RunningByCondition'), 'manual');
      t.equal(board.writtenAt('relay_1'), writtenAt, `over ${signal} and a start the line is not written`);
    }
    t.equal(board.value('relay_2'), '1', 'a relay that is switched by hand is as it was left');
    t.equal(await plant.set(GENERATOR, '/ManualStart', 0), 0);
    await plant.until('the end of the run', () => board.value('relay_1') === '0');
  });

  await t.test('a relay that is given away is open; a disabled one is off, and refuses', async t => {
    t.equal(await plant.set(GENERATOR, '/ManualStart', 1), 0);
    await plant.until('the engine', () => board.value('relay_1') === '1');
    await plant.assign(2);
    await plant.until('its end', () => board.value('relay_1') === '0');
    t.equal(await plant.set(SYSTEM, '/Relay/0/State', 1), 0);
    await plant.assign(-1);
    await plant.until('off', () => board.value('relay_1') === '0');
    t.not(await plant.set(SYSTEM, '/Relay/0/State', 1), 0);
    t.equal(board.value('relay_1'), '0');
  });

  await t.test('gxd why tells what a relay is for, in whole sentences', async t => {
    const { out } = await plant.gxd('why', 'system', '/Relay/1/State');
    t.match(out, /^ {2}It is switched by hand, and is on; the line \/.*\/relay_2 is high\.$/m);
    t.match(out, /^ {2}It is switched by a write to \/Relay\/1\/State\.$/m);
  });

  await t.test('an input that changes is seen, and its alarm closes the alarm relay', async t => {
    await plant.assign(0);
    await plant.until('the inputs', () => plant.picture.services.has(INPUTS));
    t.equal(await plant.set(INPUTS, '/Devices/1/Type', 4), 0);
    await plant.until('the bilge alarm', () => plant.get(INPUT, '/State') === 8);
    t.equal(await plant.set(INPUT, '/Settings/AlarmSetting', 1), 0);
    board.drive('digital_input_1', 1);
    await plant.until('the alarm', () => plant.get(INPUT, '/State') === 9);
    await plant.until('the relay', () => board.value('relay_1') === '1');
    t.same([plant.get(INPUT, '/Alarm'), plant.get(INPUT, '/Count')], [2, 1]);
    board.drive('digital_input_1', 0);
    await plant.until('the end of the alarm', () => board.value('relay_1') === '0');
  });
});
