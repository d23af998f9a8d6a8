import { defineTopic } from '../topic.ts';
import { batteryChoice } from './battery-choice.ts';

/** How far the boat comes. */
export const motorRange = defineTopic({
  name: 'motor-range',
  about: 'How far the boat comes with what is left in the battery, at its present consumption.',
  reads: {
    devices: { battery: ['/Settings/DischargeFloor'] },
    own: ['/MotorDrive/ConsumptionAhkm', '/Dc/Battery/Soc', '/Dc/Battery/Capacity'],
    topics: [batteryChoice],
  },
  publishes: {
    '/MotorDrive/Range':
      'capacity of the battery times what is left above the discharge floor, over the consumption per kilometre',
  },
  compute(look, out) {
    const consumption = look.ownNumber('/MotorDrive/ConsumptionAhkm');
    const soc = look.ownNumber('/Dc/Battery/Soc');
    const capacity = look.ownNumber('/Dc/Battery/Capacity');
    const monitor = look.device(look.result(batteryChoice).service);
    const floor = monitor?.type === 'battery' ? (monitor.number('/Settings/DischargeFloor') ?? 0) : 0;
    if (consumption === null || consumption <= 0 || soc === null || capacity === null) return;
    out.set('/MotorDrive/Range', (capacity * Math.max(soc - floor, 0)) / 100 / consumption);
  },
});
