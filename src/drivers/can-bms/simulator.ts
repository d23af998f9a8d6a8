/** The device's other end: batteries of several makers on a CAN bus, each with the frames that it has. */
import type { Owned } from '../../kernel/actor.ts';
import type { Clock, Timer } from '../../kernel/clock.ts';
import type { CanFrame } from '../../ports/can.ts';
import {
  ALARMS,
  encodeAlarms,
  encodePylontechAlarms,
  PYLONTECH_ALARMS,
  type Severities,
} from '../../protocols/can-bms/alarms.ts';
import { encodeRequests, KEEP_ALIVE, REQUESTS, type Requests } from '../../protocols/can-bms/control.ts';
import {
  encodeFrame,
  FRAME_OCTETS,
  FRAMES,
  type FrameValues,
  type KnownFrame,
} from '../../protocols/can-bms/frames.ts';

/** What one maker's batteries say, and how. */
interface Make {
  /** Empty: frame 0x35E is not sent. */
  readonly manufacturer: string;
  /** Up to 16 characters; empty: not sent. */
  readonly name: string;
  readonly alarms: 'pairs' | 'pylontech' | 'both';
  readonly frames: readonly KnownFrame[];
  /** Octets of the limits: old batteries do not tell the lowest voltage. */
  readonly limitOctets: 6 | 8;
  /** Frames are sent one by one, this far apart, instead of all together each second. Milliseconds. */
  readonly spreadMs?: number;
  readonly requests: boolean;
}

const BASIC: readonly KnownFrame[] = [FRAMES.limits, FRAMES.charge, FRAMES.measurements];
const DETAILS: readonly KnownFrame[] = [
  FRAMES.model,
  FRAMES.modules,
  FRAMES.cells,
  FRAMES.minimumVoltageCell,
  FRAMES.maximumVoltageCell,
  FRAMES.minimumTemperatureCell,
  FRAMES.maximumTemperatureCell,
  FRAMES.capacity,
];

export const MAKES = {
  generic: {
    manufacturer: 'DIYBMS',
    name: 'Shed battery',
    alarms: 'pairs',
    frames: [...BASIC, ...DETAILS],
    limitOctets: 8,
    requests: false,
  },
  lg: { manufacturer: '', name: '', alarms: 'pairs', frames: BASIC, limitOctets: 6, requests: false },
  pylontech: { manufacturer: 'PYLON', name: '', alarms: 'pylontech', frames: BASIC, limitOctets: 6, requests: true },
  byd: {
    manufacturer: 'BYD',
    name: 'Premium LVL',
    alarms: 'pairs',
    frames: [...BASIC, FRAMES.model, FRAMES.cells, FRAMES.serialFirst, FRAMES.serialSecond],
    limitOctets: 8,
    requests: false,
  },
  freedomwon: {
    manufacturer: 'FREEDOM',
    name: 'LiTE',
    alarms: 'pairs',
    frames: [...BASIC, ...DETAILS],
    limitOctets: 8,
    requests: true,
  },
  rec: {
    manufacturer: 'RECBMS',
    name: 'REC-BMS',
    alarms: 'both',
    frames: [...BASIC, ...DETAILS, FRAMES.energy],
    limitOctets: 8,
    spreadMs: 100,
    requests: true,
  },
} as const satisfies Readonly<Record<string, Make>>;

const PERIOD_MS = 1000;

export class CanBatterySimulator implements Owned {
  /** What it measures and allows; changed by who uses it. */
  values: FrameValues = {
    chargeVoltageLimit: 56.8,
    chargeCurrentLimit: 100,
    dischargeCurrentLimit: 120,
    dischargeVoltageLimit: 46,
    stateOfCharge: 63,
    stateOfHealth: 98,
    stateOfChargeFine: 63.42,
    voltage: 53.11,
    current: -12.5,
    temperature: 23.4,
    model: 7,
    firmware: 0x0203,
    onlineCapacity: 280,
    modulesOnline: 4,
    modulesBlockingCharge: 0,
    modulesBlockingDischarge: 0,
    modulesOffline: 0,
    minimumCellVoltage: 3.312,
    maximumCellVoltage: 3.327,
    minimumCellTemperature: 21,
    maximumCellTemperature: 25,
    minimumVoltageCell: 'M1C03',
    maximumVoltageCell: 'M4C11',
    minimumTemperatureCell: 'M2',
    maximumTemperatureCell: 'M3',
    chargedEnergy: 1234.5,
    dischargedEnergy: 1100.1,
    installedCapacity: 400,
    serialFirst: 'P030T020',
    serialSecond: 'Z2101051',
  };
  alarms: Partial<Severities> = {
    highVoltage: 0,
    lowVoltage: 0,
    highTemperature: 0,
    lowTemperature: 0,
    highChargeCurrent: 0,
    highDischargeCurrent: 0,
    internalFailure: 0,
    cellImbalance: 0,
  };
  requests: Requests = {
    allowCharge: true,
    allowDischarge: true,
    forceCharge1: false,
    forceCharge2: false,
    fullCharge: false,
  };
  silent = false;
  /** Frames that it does not send. */
  readonly missing = new Set<number>();
  /** How often it was told that somebody is there. */
  keptAlive = 0;
  readonly #make: Make;
  readonly #send: (frame: CanFrame) => void;
  readonly #timer: Timer;
  #turn = 0;

  constructor(clock: Clock, make: keyof typeof MAKES, send: (frame: CanFrame) => void) {
    this.#make = MAKES[make];
    this.#send = send;
    const spread = this.#make.spreadMs;
    this.#timer = clock.every(spread ?? PERIOD_MS, () => (spread === undefined ? this.#all() : this.#next()));
  }

  release(): void {
    this.#timer.cancel();
  }

  /** Takes what the others on the bus send. */
  hear(frame: CanFrame): void {
    if (!frame.extended && frame.id === KEEP_ALIVE.id) this.keptAlive++;
  }

  #all(): void {
    for (const [id, data] of this.#frames()) this.#say(id, data);
  }

  #next(): void {
    const frames = this.#frames();
    const frame = frames[this.#turn++ % frames.length];
    if (frame !== undefined) this.#say(...frame);
  }

  #say(id: number, data: Uint8Array): void {
    if (!this.silent && !this.missing.has(id)) this.#send({ id, extended: false, data });
  }

  #frames(): (readonly [id: number, data: Uint8Array])[] {
    const { manufacturer, name, alarms, frames, requests, limitOctets } = this.#make;
    const values = {
      ...this.values,
      manufacturer,
      nameFirst: name.slice(0, FRAME_OCTETS),
      nameSecond: name.slice(FRAME_OCTETS),
    };
    const texts: readonly KnownFrame[] = [
      ...(manufacturer === '' ? [] : [FRAMES.manufacturer]),
      ...(name === '' ? [] : [FRAMES.nameFirst, FRAMES.nameSecond]),
    ];
    const all = [...frames, ...texts].map(frame => {
      const data = encodeFrame(frame, values);
      return [frame.id, frame.id === FRAMES.limits.id ? data.subarray(0, limitOctets) : data] as const;
    });
    return [
      ...all,
      ...(alarms === 'pylontech' ? [] : [[ALARMS, encodeAlarms(this.alarms)] as const]),
      ...(alarms === 'pairs'
        ? []
        : [[PYLONTECH_ALARMS, encodePylontechAlarms(this.alarms, values.modulesOnline ?? 1)] as const]),
      ...(requests ? [[REQUESTS, encodeRequests(this.requests)] as const] : []),
    ];
  }
}
