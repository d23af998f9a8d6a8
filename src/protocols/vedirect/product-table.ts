/** Written by build/generate-products.mjs: id in hexadecimal, letter of the class, name. Read by products.ts. */
export const PRODUCT_TABLE = `
|0100-BMV to NMEA2000 interface|0101-Skylla-i Control|0102-Hybrid Panel|0103-VE.Bus to NMEA2000 interface
|0104cSkylla-i 24/100 (1+1)|0105cSkylla-i 24/80A (1+1)|0106cSkylla-i 24/100 (3)|0107cSkylla-i 24/80 (3)
|0108sBlueSolar Charger MPPT 150/70|0140-Ion Control|0141bLynx Shunt 1000A VE.Can|0142-Lynx Ion|0200bBMV-600S
|0201bBMV-602S|0202bBMV-600HS|0203bBMV-700|0204bBMV-702|0205bBMV-700H|0211-BMV PCBA test firmware
|0300sBlueSolar MPPT 70/15|1110-Remote panel|1120-Remote panel 20MHz|1121-Remote panel Dongle 20MHz|1130-MK2 20Mhz
|1131-MK2 Dongle 20Mhz|1132-VE.Bus Resetter (based on MK2) 20 Mhz|1140-MK2 tachometer 20Mhz|1145-BMS 20Mhz
|1150-Solar switch box|1160-USB VEBus grabber|1170-MK3|1421cPhoenix Charger 12/100|1422cPhoenix Charger 12/200
|1431cPhoenix Charger 24/50|1432cPhoenix Charger 24/100|1700vPhoenix Multi 12V full power
|1701vPhoenix Multi 12V half power|1702vPhoenix MultiPlus 12V full power|1703vMultiCompact 12V low power
|1704vMultiCompact 12V medium power|1705vMultiCompact 12V high power|1706vMultiCompactPlus 12V high power
|1707vMultiCompactPlus 12V medium power|1710vPhoenix Multi 24V full power|1711vPhoenix Multi 24V half power
|1712vPhoenix MultiPlus 24V full power|1713vMultiCompact 24V low power|1714vMultiCompact 24V medium power
|1715vMultiCompact 24V high power|1716vMultiCompactPlus 24V high power|1717vMultiCompactPlus 24V medium power
|1730vPhoenix Multi 120 12V full power|1731vPhoenix Multi 120 12V half power|1732vPhoenix MultiPlus 120 12V full power
|1740vPhoenix Multi 120 24V full power|1741vPhoenix Multi 120 24V half power|1742vPhoenix MultiPlus 120 24V full power
|1750vPhoenix Multi 48V full power|1751vPhoenix Multi 48V half power|1752vPhoenix MultiPlus 48V full power
|1800vPhoenix Multi 12V full power|1801vPhoenix Multi 12V half power|1802vPhoenix MultiPlus 12V full power
|1803vMultiCompact 12V low power|1804vMultiCompact 12V medium power|1805vMultiCompact 12V high power
|1806vMultiCompactPlus 12V high power|1807vMultiCompactPlus 12V medium power|1808vPhoenix MultiPlus 12V/2000
|1809vPhoenix MultiPlus 12V/3000|1810vPhoenix Multi 24V full power|1811vPhoenix Multi 24V half power
|1812vPhoenix MultiPlus 24V full power|1813vMultiCompact 24V low power|1814vMultiCompact 24V medium power
|1815vMultiCompact 24V high power|1816vMultiCompactPlus 24V high power|1817vMultiCompactPlus 24V medium power
|1818vPhoenix MultiPlus 24V/2000|1830vPhoenix Multi 120 12V full power|1831vPhoenix Multi 120 12V half power
|1832vPhoenix MultiPlus 120 12V full power|1836vMultiCompactPlus 120 12V high power
|1839vPhoenix MultiPlus 120 12V/3000|1840vPhoenix Multi 120 24V full power|1841vPhoenix Multi 120 24V half power
|1842vPhoenix MultiPlus 120 24V full power|1846vMultiCompactPlus 120 24V high power|1850vPhoenix Multi 48V full power
|1851vPhoenix Multi 48V half power|1852vPhoenix MultiPlus 48V full power|1856vMultiCompactPlus 48V high power
|1862vPhoenix MultiPlus 120 48V full power|1871vMultiCompactPlus 12V 2K|1872vMultiCompactPlus 24V 2K
|1900vMultiPlus 12/3000/120-50|1901vMultiPlus 12/3000/120-30|1902vPhoenix MultiPlus 12V full power
|1903vPhoenix Multi Compact 12/800/35-16|1906vMultiPlus Compact 12/1600/70-16|1907vMultiPlus Compact 12/1200/50-16
|1908vMultiPlus Compact 12/2000/80-30|1909vMultiPlus 12/3000/120-16|1910vMultiPlus 24/3000/70-50
|1911vMultiPlus 24/3000/70-30|1912vMultiPlus 24/3000/70-16|1913vPhoenix Multi Compact 24/800/16-16
|1916vMultiPlus Compact 24/1600/40-16|1917vMultiPlus Compact 24/1200/25-16|1918vMultiPlus Compact 24/2000/50-30
|1920vMultiPlus 48/3000/35-50|1921vMultiPlus 48/3000/35-30|1922vMultiPlus 48/3000/35-16|1930vQuattro 12/5000/200-2x30
|1931vQuattro 12/3000/120-50/30|1932vQuattro 12/5000/200-50/30|1933vQuattro 12/5000/220-2x75
|1940vQuattro 24/5000/120-2x30|1941vQuattro 24/3000/70-50/30|1942vQuattro 24/5000/120-50/30
|1943vQuattro 24/8000/200-2x100|1948vQuattro 24/5000/120-2x100|1949vMultiPlus 24/5000/120-50
|1950vQuattro 48/5000/70-2x30|1952vQuattro 48/5000/70-50/30|1953vQuattro 48/10000/140-2x100
|1954vQuattro 48/8000/110-2x100|1958vQuattro 48/5000/70-2x100|1959vMultiPlus 48/5000/70-50
|2002vMultiPlus 12/3000/120-50 120V|2008vMultiPlus Compact 12/2000/80-50 120V|2009vPhoenix MultiPlus 120 12V/3000
|2012vMultiPlus 24/3000/70-50 120V|2018vMultiPlus Compact 24/2000/50-50 120V|2022vPhoenix MultiPlus 120 48V/3000
|2048vQuattro 24/5000/120-2x100 120V|2051vQuattro 48/3000/35-2x50 120V|2053vQuattro 48/5000/70-2x100 120V
|2059vPhoenix MultiPlus 120 48V/5000|2060vPhoenix 12/3000/120-50-120/240V
|2062vMultiPlus Compact 12/2000/80-50(30)-120/240V|2071vQuattro 24/5000/120-2x60-120/240V
|2072vMultiPlus Compact 24/2000/50-50(30)-120/240V|2080vPhoenix MultiPlus 120/240 48V/3000 with 50A AC relais
|2101vPhoenix HF|2403vPhoenix 12/800|2404vPhoenix 12/1200|2413vPhoenix 24/800|2414vPhoenix 24/1200|2423vPhoenix 48/800
|2424vPhoenix 48/1200|2453vPhoenix 12/800 120V|2454vPhoenix 12/1200 120V|2463vPhoenix 24/800 120V
|2464vPhoenix 24/1200 120V|2473vPhoenix 48/800 120V|2474vPhoenix 48/1200 120V|2600vMultiPlus 12/3000/120-50
|2603vMultiPlus Compact 12/800/35-16|2605vMultiPlus-II 12/3000/120-32|2606vMultiPlus Compact 12/1600/70-16
|2607vMultiPlus Compact 12/1200/50-16|2608vMultiPlus Compact 12/2000/80-30|2609vMultiPlus 12/3000/120-16
|2610vMultiPlus 24/3000/70-50|2611vMultiPlus-II 24/3000/70-32|2612vMultiPlus 24/3000/70-16
|2613vMultiPlus Compact 24/800/16-16|2614vMultiPlus 24/5000/120-100|2615vMultiPlus-II 24/5000/120-50
|2616vMultiPlus Compact 24/1600/40-16|2617vMultiPlus Compact 24/1200/25-16|2618vMultiPlus Compact 24/2000/50-30
|2619vMultiPlus-II 48/15000/200-100|2620vMultiPlus 48/3000/35-50|2621vMultiPlus-II 48/8000/110-100
|2622vMultiPlus 48/3000/35-16|2623vMultiPlus-II 48/5000/70-50|2624vMultiPlus 48/5000/70-100
|2625vMultiPlus-II 48/3000/35-32|2626vMultiPlus-II 48/5000/70-50|2627vMultiPlus-II 48/10000/140-100/100
|2628vMultiPlus-II 48/3000/35-32|2629vMultiPlus-II 48/3000/35-32|2631vQuattro 12/3000/120-50/30
|2632vQuattro-II 12/5000/200-2x50|2633vQuattro 12/5000/220-2x75|2634vQuattro 12/3000/120-2x50
|2641vQuattro 24/3000/70-50/30|2642vQuattro 24/5000/120-50/30|2643vQuattro 24/8000/200-2x100
|2644vQuattro 24/3000/70-2x50|2645vQuattro-II 24/5000/120-2x50|2648vQuattro 24/5000/120-2x100
|2649vMultiPlus 24/5000/120-50|2651vQuattro-II 48/5000/70-2x50|2652vQuattro 48/5000/70-50/30
|2653vQuattro 48/10000/140-2x100|2654vQuattro 48/8000/110-2x100|2655vQuattro 48/8000/110-2x100
|2656vQuattro 48/15000/200-2x100|2657vQuattro 48/5000/70-2x100-S|2658vQuattro 48/5000/70-2x100
|2659vMultiPlus 48/5000/70-50|2660vMultiPlus 12/500/20-16|2661vMultiPlus 12/800/35-16|2662vMultiPlus 12/1200/50-16
|2663vMultiPlus 12/1600/70-16|2664vMultiPlus 12/2000/80-32|2665vMultiPlus 24/500/10-16|2666vMultiPlus 24/800/16-16
|2667vMultiPlus 24/1200/25-16|2668vMultiPlus 24/1600/40-16|2669vMultiPlus 24/2000/50-32|2670vMultiPlus 48/500/6-16
|2671vMultiPlus 48/800/9-16|2672vMultiPlus 48/1200/13-16|2673vMultiPlus 48/1600/20-16|2674vMultiPlus 48/2000/25-32
|2680vMultiGrid 12/3000/120-50|2685vMultiGrid 24/3000/70-50|2690vMultiGrid 48/3000/35-50
|2702vMultiPlus 12/3000/120-50 120V|2705vMultiPlus-II 12/3000/120-50 120V|2708vMultiPlus Compact 12/2000/80-50 120V
|2711vMultiPlus-II 24/3000/70-50 120V|2712vMultiPlus 24/3000/70-50 120V|2718vMultiPlus Compact 24/2000/50-50 120V
|2729vMultiPlus-II 48/3000/35-50 120V|2733vQuattro 12/5000/220-2x100 120V|2748vQuattro 24/5000/120-2x100 120V
|2751vQuattro 48/3000/35-2x50 120V|2753vQuattro 48/5000/70-2x100 120V|2754vQuattro 48/10000/140-2x100 120V
|2764vMultiPlus 12/2000/80-50 120V|2769vMultiPlus 24/2000/50-50 120V|2774vMultiPlus 48/2000/25-50 120V
|2775vMultiPlus-II 24/3000/70-50 2x120V|2780vMultiPlus-II 12/3000/120-50 2x120V
|2781vQuattro-II 12/3000/120-2x50 2x120V|A000cSkylla-IP44/IP65 battery charger|A001cSkylla-IP65 12V/70A (1+1)
|A002cSkylla-IP65 12V/70A (3)|A003cSkylla-IP44 12V/60A (1+1)|A004cSkylla-IP44 12V/60A (3)
|A005cSkylla-IP65 24V/35A (1+1)|A006cSkylla-IP65 24V/35A (3)|A007cSkylla-IP44 24V/30A (1+1)
|A008cSkylla-IP44 24V/30A (3)|A010cSkylla-S battery charger|A011cSkylla-S 12V/100A (1+1)|A012cSkylla-S 12V/100A (3)
|A013cSkylla-S 24V/100A (1+1)|A014cSkylla-S 24V/100A (3)|A015cSkylla-S 24V/50A (1+1)|A016cSkylla-S 24V/50A (3)
|A040sBlueSolar MPPT 75/50|A041sBlueSolar MPPT 150/35|A042sBlueSolar MPPT 75/15|A043sBlueSolar MPPT 100/15
|A044sBlueSolar MPPT 100/30|A045sBlueSolar MPPT 100/50|A046sBlueSolar MPPT 150/70|A047sBlueSolar MPPT 150/100
|A048sBlueSolar MPPT 75/50 rev2|A049sBlueSolar MPPT 100/50 rev2|A04AsBlueSolar MPPT 100/30 rev2
|A04BsBlueSolar MPPT 150/35 rev2|A04CsBlueSolar MPPT 75/10|A04DsBlueSolar MPPT 150/45|A04EsBlueSolar MPPT 150/60
|A04FsBlueSolar MPPT 150/85|A050sSmartSolar MPPT 250/100|A051sSmartSolar MPPT 150/100|A052sSmartSolar MPPT 150/85
|A053sSmartSolar MPPT 75/15|A054sSmartSolar MPPT 75/10|A055sSmartSolar MPPT 100/15|A056sSmartSolar MPPT 100/30
|A057sSmartSolar MPPT 100/50|A058sSmartSolar MPPT 150/35|A059sSmartSolar MPPT 150/100 rev2
|A05AsSmartSolar MPPT 150/85 rev2|A05BsSmartSolar MPPT 250/70|A05CsSmartSolar MPPT 250/85|A05DsSmartSolar MPPT 250/60
|A05EsSmartSolar MPPT 250/45|A05FsSmartSolar MPPT 100/20|A060sSmartSolar MPPT 100/20 48V|A061sSmartSolar MPPT 150/45
|A062sSmartSolar MPPT 150/60|A063sSmartSolar MPPT 150/70|A064sSmartSolar MPPT 250/85 rev2
|A065sSmartSolar MPPT 250/100 rev2|A066sBlueSolar MPPT 100/20|A067sBlueSolar MPPT 100/20 48V
|A068sSmartSolar MPPT 250/60 rev2|A069sSmartSolar MPPT 250/70 rev2|A06AsSmartSolar MPPT 150/45 rev2
|A06BsSmartSolar MPPT 150/60 rev2|A06CsSmartSolar MPPT 150/70 rev2|A06DsSmartSolar MPPT 150/85 rev3
|A06EsSmartSolar MPPT 150/100 rev3|A06FsBlueSolar MPPT 150/45 rev2|A070sBlueSolar MPPT 150/60 rev2
|A071sBlueSolar MPPT 150/70 rev2|A072sBlueSolar MPPT 150/45 rev3|A073sSmartSolar MPPT 150/45 rev3
|A074sSmartSolar MPPT 75/10 rev2|A075sSmartSolar MPPT 75/15 rev2|A076sBlueSolar MPPT 100/30 rev3
|A077sBlueSolar MPPT 100/50 rev3|A078sBlueSolar MPPT 150/35 rev2|A079sBlueSolar MPPT 75/10 rev2
|A07AsBlueSolar MPPT 75/15 rev2|A07BsBlueSolar MPPT 100/15 rev2|A07CsBlueSolar MPPT 75/10 rev3
|A07DsBlueSolar MPPT 75/15 rev3|A07EsSmartSolar Charger MPPT 100/30|A07FsAll-In-1 SmartSolar MPPT 75/15 12V
|A080sSmartSolar MPPT 250/60 rev3|A081sSmartSolar MPPT 250/70 rev3|A0C1-Lithium Battery Balancer 12V/3.5A
|A0C2-Lithium Battery Balancer 12V/8A|A0C3-Lithium Battery Balancer 24V/3.5A|A0C4-Lithium Battery Balancer 12V/2A
|A0E0-Smart Lithium Battery 12.8V/90Ah|A0E1-Smart Lithium Battery 12.8V/60Ah|A0E2-Smart Lithium Battery 12.8V/160Ah
|A0E3-Smart Lithium Battery 12.8V/200Ah|A0E4-Smart Lithium Battery 12.8V/300Ah|A0E5-Smart Lithium Battery 12.8V/100Ah
|A0E6-Smart Lithium Battery 12.8V/200Ah|A0E7-Smart Lithium Battery 12.8V/300Ah|A0E8-Smart Lithium Battery 12.8V/100Ah
|A0E9-Smart Lithium Battery 12.8V/150Ah|A0EA-Smart Lithium Battery 25.6V/200Ah|A0EB-Smart Lithium Battery 12.8V/200Ah
|A0EC-Smart Lithium Battery 12.8V/160Ah|A0ED-Smart Lithium Battery 12.8V/50Ah|A0EE-Smart Lithium Battery 25.6V/200Ah
|A0EF-Smart Lithium Battery 25.6V/100Ah|A0F0-Smart Lithium Battery 12.8V/330Ah|A0F1-Smart Lithium Battery 25.6V/330Ah
|A0F2-Smart Lithium Battery 12.8V/300Ah|A100-BlueSolar Remote Panel|A101sBlueSolar Charger MPPT 150/85
|A102sSmartSolar MPPT VE.Can 150/70|A103sSmartSolar MPPT VE.Can 150/45|A104sSmartSolar MPPT VE.Can 150/60
|A105sSmartSolar MPPT VE.Can 150/85|A106sSmartSolar MPPT VE.Can 150/100|A107sSmartSolar MPPT VE.Can 250/45
|A108sSmartSolar MPPT VE.Can 250/60|A109sSmartSolar MPPT VE.Can 250/70|A10AsSmartSolar MPPT VE.Can 250/85
|A10BsSmartSolar MPPT VE.Can 250/100|A10CsSmartSolar MPPT VE.Can 150/70 rev2|A10DsSmartSolar MPPT VE.Can 150/85 rev2
|A10EsSmartSolar MPPT VE.Can 150/100 rev2|A10FsBlueSolar MPPT VE.Can 150/100|A110sSmartSolar MPPT RS 450/100
|A111sSmartSolar MPPT RS 450/200|A112sBlueSolar MPPT VE.Can 250/70|A113sBlueSolar MPPT VE.Can 250/100
|A114sSmartSolar MPPT VE.Can 250/70 rev2|A115sSmartSolar MPPT VE.Can 250/100 rev2
|A116sSmartSolar MPPT VE.Can 250/85 rev2|A117sBlueSolar MPPT VE.Can 150/100|A120-VE.Bus to NMEA2000 interface (rev2)
|A121-VE.Direct to CAN interface|A130bLynx Ion + Shunt|A131bLynx Smart Shunt 1000A VE.Can|A140-PV Inverter (QWACS)
|A141-PV Inverter (AC Current Sensor)|A142-Fronius solar inverters|A143-SMA solar inverters
|A144-SunSpec solar inverters|A145-ABB/Fimer solar inverters|A160-Tank sensor|A161-Generic Tank Input
|A162-Generic Temperature Input|A163-NMEA-0183 GPS|A164-NMEA 2000 GPS|A165-Generic pulse meter
|A166-Generic digital input|A170-Mppt control|A171-Mppt control PCBA test firmware|A180-Peak Power Pack 12V 8Ah
|A181-Peak Power Pack PCBA test firmware|A182-VE.Direct Bluetooth Smart Dongle|A183-Bootloader for softdevice v7
|A184-Virtual id for v1 legacy dongle|A185-Peak Power Pack 12V 20Ah|A186-Peak Power Pack 12V 30Ah
|A187-Peak Power Pack 12V 40Ah|A188-VE.Direct Bluetooth Smart Dongle (Rev2)
|A189-VE.Direct Bluetooth Smart Dongle (Rev3)|A190-SmartSolar Bluetooth Interface
|A191-SmartSolar Bluetooth Interface (Rev2)|A192-BMV-7xx Smart Bluetooth Interface
|A193-Lynx Ion BMS Bluetooth Interface|A194-Phoenix Inverter Smart Bluetooth Interface
|A195-VE.Can SmartSolar Bluetooth Interface|A196-SmartShunt Bluetooth Interface
|A197-SmartSolar Bluetooth Interface (Rev3)|A198-BMV-7xx Smart Bluetooth Interface (Rev2)
|A199-Lynx Ion BMS Bluetooth Interface (Rev2)|A19A-Phoenix Inverter Smart Bluetooth Interface (Rev2)
|A19B-VE.Can SmartSolar Bluetooth Interface (Rev2)|A19C-SmartShunt Bluetooth Interface (Rev2)
|A19D-SmartShunt Bluetooth Interface (Rev2)|A19E-Sun Inverter Bluetooth Interface|A19F-All-In-1 Bluetooth Interface
|A1B0-Smart Energy Meter|A1B1-VE.Can Energy Meter|A200iPhoenix Inverter|A201iPhoenix Inverter 12V 250VA 230V
|A202iPhoenix Inverter 24V 250VA 230V|A204iPhoenix Inverter 48V 250VA 230V|A211iPhoenix Inverter 12V 375VA 230V
|A212iPhoenix Inverter 24V 375VA 230V|A214iPhoenix Inverter 48V 375VA 230V|A221iPhoenix Inverter 12V 500VA 230V
|A222iPhoenix Inverter 24V 500VA 230V|A224iPhoenix Inverter 48V 500VA 230V|A231iPhoenix Inverter 12V 250VA 230V
|A232iPhoenix Inverter 24V 250VA 230V|A234iPhoenix Inverter 48V 250VA 230V|A235iPhoenix Sun Inverter 12V 250VA 230V
|A236iPhoenix Sun Inverter 24V 250VA 230V|A237iPhoenix Sun Inverter 48V 250VA 230V
|A239iPhoenix Inverter 12V 250VA 120V|A23AiPhoenix Inverter 24V 250VA 120V|A23CiPhoenix Inverter 48V 250VA 120V
|A241iPhoenix Inverter 12V 375VA 230V|A242iPhoenix Inverter 24V 375VA 230V|A244iPhoenix Inverter 48V 375VA 230V
|A249iPhoenix Inverter 12V 375VA 120V|A24AiPhoenix Inverter 24V 375VA 120V|A24CiPhoenix Inverter 48V 375VA 120V
|A251iPhoenix Inverter 12V 500VA 230V|A252iPhoenix Inverter 24V 500VA 230V|A254iPhoenix Inverter 48V 500VA 230V
|A259iPhoenix Inverter 12V 500VA 120V|A25AiPhoenix Inverter 24V 500VA 120V|A25CiPhoenix Inverter 48V 500VA 120V
|A261iPhoenix Inverter 12V 800VA 230V|A262iPhoenix Inverter 24V 800VA 230V|A264iPhoenix Inverter 48V 800VA 230V
|A269iPhoenix Inverter 12V 800VA 120V|A26AiPhoenix Inverter 24V 800VA 120V|A26CiPhoenix Inverter 48V 800VA 120V
|A271iPhoenix Inverter 12V 1200VA 230V|A272iPhoenix Inverter 24V 1200VA 230V|A274iPhoenix Inverter 48V 1200VA 230V
|A279iPhoenix Inverter 12V 1200VA 120V|A27AiPhoenix Inverter 24V 1200VA 120V|A27CiPhoenix Inverter 48V 1200VA 120V
|A281iPhoenix Inverter 12V 1600VA 230V|A282iPhoenix Inverter 24V 1600VA 230V|A284iPhoenix Inverter 48V 1600VA 230V
|A289iSmart Phoenix Inverter 12V 2000VA 120V|A28AiSmart Phoenix Inverter 24V 2000VA 120V
|A28CiSmart Phoenix Inverter 48V 2000VA 120V|A291iPhoenix Inverter 12V 2000VA 230V
|A292iPhoenix Inverter 24V 2000VA 230V|A294iPhoenix Inverter 48V 2000VA 230V
|A299iSmart Phoenix Inverter 12V 2000VA 120V|A29AiSmart Phoenix Inverter 24V 2000VA 120V
|A29CiSmart Phoenix Inverter 48V 2000VA 120V|A2A1iPhoenix Inverter 12V 3000VA 230V
|A2A2iPhoenix Inverter 24V 3000VA 230V|A2A4iPhoenix Inverter 48V 3000VA 230V
|A2A9iSmart Phoenix Inverter 12V 3000VA 120V|A2AAiSmart Phoenix Inverter 24V 3000VA 120V
|A2ACiSmart Phoenix Inverter 48V 3000VA 120V|A2B1iPhoenix Inverter Smart 12V 5000VA 230Vac 64k
|A2B2iPhoenix Inverter Smart 24V 5000VA 230Vac 64k|A2B4iPhoenix Inverter Smart 48V 5000VA 230Vac 64k
|A2BAiSmart Phoenix Inverter 24V 5000VA 120V|A2BCiSmart Phoenix Inverter 48V 5000VA 120V
|A2E1iPhoenix Inverter 12V 800VA 230Vac 64k HS|A2E2iPhoenix Inverter 24V 800VA 230Vac 64k HS
|A2E4iPhoenix Inverter 48V 800VA 230Vac 64k HS|A2E9iPhoenix Inverter 12V 800VA 120Vac 64k HS
|A2EAiPhoenix Inverter 24V 800VA 120Vac 64k HS|A2ECiPhoenix Inverter 48V 800VA 120Vac 64k HS
|A2F1iPhoenix Inverter 12V 1200VA 230Vac 64k HS|A2F2iPhoenix Inverter 24V 1200VA 230Vac 64k HS
|A2F4iPhoenix Inverter 48V 1200VA 230Vac 64k HS|A2F9iPhoenix Inverter 12V 1200VA 120V
|A2FAiPhoenix Inverter 24V 1200VA 120Vac 64k HS|A2FCiPhoenix Inverter 48V 1200VA 120Vac 64k HS
|A300cBlue Smart Charger - Generic|A301cBlue Smart IP65 Charger 12/10|A302cBlue Smart IP65 Charger 12/15
|A303cBlue Smart IP65 Charger 24/8|A304cBlue Smart IP65 Charger 12/5|A305cBlue Smart IP65 Charger 12/7
|A306cBlue Smart IP65 Charger 24/5|A307cBlue Smart IP65 Charger 12/4|A308cBlue Smart IP65s Charger 12/4
|A309cBlue Smart IP65s Charger 12/5|A30AcBlue Smart IP65 Charger 12/25|A30BcBlue Smart IP65 Charger 24/13
|A30CcBlue Smart IP65 Charger 6V/12V-1.1A|A30DcBlue Smart IP65s Charger 12/4|A30EcBlue Smart IP65s Charger 12/5
|A30FcBlue Smart IP65 Charger 12/7|A310cBlue Smart IP67 Charger 12/7|A311cBlue Smart IP67 Charger 12/13
|A312cBlue Smart IP67 Charger 24/5|A313cBlue Smart IP67 Charger 12/17|A314cBlue Smart IP67 Charger 12/25
|A315cBlue Smart IP67 Charger 24/8|A316cBlue Smart IP67 Charger 24/12|A317cBlue Smart IP67 Charger 12/7
|A318cBlue Smart IP67 Charger 12/13|A319cBlue Smart IP67 Charger 24/5|A31AcBlue Smart IP67 Charger 12/17
|A31BcBlue Smart IP67 Charger 12/25|A31CcBlue Smart IP67 Charger 24/8|A31DcBlue Smart IP67 Charger 24/12
|A320cBlue Smart IP22 Charger 12/15 (1)|A321cBlue Smart IP22 Charger 12/15 (3)|A322cBlue Smart IP22 Charger 12/20 (1)
|A323cBlue Smart IP22 Charger 12/20 (3)|A324cBlue Smart IP22 Charger 12/30 (1)|A325cBlue Smart IP22 Charger 12/30 (3)
|A326cBlue Smart IP22 Charger 24/8 (1)|A327cBlue Smart IP22 Charger 24/8 (3)|A328cBlue Smart IP22 Charger 24/12 (1)
|A329cBlue Smart IP22 Charger 24/12 (3)|A32AcBlue Smart IP22 Charger 24/16 (1)|A32BcBlue Smart IP22 Charger 24/16 (3)
|A32CcBlue Smart IP22 Charger 12/15 (1)|A32DcBlue Smart IP22 Charger 12/15 (3)|A32EcBlue Smart IP22 Charger 12/20 (1)
|A32FcBlue Smart IP22 Charger 12/20 (3)|A330cBlue Smart IP22 Charger 12/30 (1)|A331cBlue Smart IP22 Charger 12/30 (3)
|A332cBlue Smart IP22 Charger 24/8|A333cBlue Smart IP22 Charger 24/8 (3)|A334cBlue Smart IP22 Charger 24/12
|A335cBlue Smart IP22 Charger 24/12 (3)|A336cBlue Smart IP22 Charger 24/16|A337cBlue Smart IP22 Charger 24/16 (3)
|A338cBlue Smart IP65 Charger 12/10|A339cBlue Smart IP65 Charger 12/15|A33AcBlue Smart IP65 Charger 24/5
|A33BcBlue Smart IP65 Charger 24/8|A33CcBlue Smart IP65 Charger 12/5|A340cPhoenix Smart IP43 Charger 12/50 (1+1)
|A341cPhoenix Smart IP43 Charger 12/50 (3)|A342cPhoenix Smart IP43 Charger 24/25 (1+1)
|A343cPhoenix Smart IP43 Charger 24/25 (3)|A344cPhoenix Smart IP43 Charger 12/30 (1+1)
|A345cPhoenix Smart IP43 Charger 12/30 (3)|A346cPhoenix Smart IP43 Charger 24/16 (1+1)
|A347cPhoenix Smart IP43 Charger 24/16 (3)|A350cPhoenix Smart IP43 Charger 12/50 (1+1) 120-240V
|A351cPhoenix Smart IP43 Charger 12/50 (3) 120-240V|A352cPhoenix Smart IP43 Charger 24/25 (1+1) 120-240V
|A353cPhoenix Smart IP43 Charger 24/25 (3) 120-240V|A354cPhoenix Smart IP43 Charger 12/30 (1+1) 120-240V
|A355cPhoenix Smart IP43 Charger 12/30 (3) 120-240V|A356cPhoenix Smart IP43 Charger 24/16 (1+1) 120-240V
|A357cPhoenix Smart IP43 Charger 24/16 (3) 120-240V|A360cIMPULSE-II 24/6 Smart IP44|A361cIMPULSE-II 24/8 Smart IP44
|A362cIMPULSE-II 24/6 Smart IP65|A363cIMPULSE-II 24/8 Smart IP65|A364cIMPULSE-II 24/6 Smart IP44
|A365cIMPULSE-II 24/8 Smart IP44|A366cIMPULSE-II 24/12 Smart IP65|A367cIMPULSE-II 24/11 Smart IP44
|A368cIMPULSE-II 24/8 Smart IP44|A369cIMPULSE-II 24/6 Smart IP44|A36AcIMPULSE-II 24/8 Smart IP65
|A36BcIMPULSE-II 24/6 Smart IP65|A37DcVector 12/20 Smart|A37EcIMPULSE-II L 12/20 Smart|A37FcIMPULSE-II L 12/20 Smart
|A380bBMV-710 Smart|A381bBMV-712 Smart|A382bBMV-710H Smart|A383bBMV-712 Smart Rev2|A389bSmartShunt 500A/50mV
|A38AbSmartShunt 1000A/50mV|A38BbSmartShunt 2000A/50mV|A38CbSmartShunt IP67 500A/50mV|A38DbSmartShunt IP67 1000A/50mV
|A38EbSmartShunt IP67 2000A/50mV|A390-Lynx Ion BMS General|A391-Lynx Ion BMS 150A|A392-Lynx Ion BMS 400A
|A393-Lynx Ion BMS 600A|A394-Lynx Ion BMS 1000A|A3A0-VE.Bus smart dongle|A3A4-Smart Battery Sense
|A3A5-Smart Battery Sense (Rev2)|A3B0-Smart BatteryProtect 12/24V-65A|A3B1-Smart BatteryProtect 12/24V-100A
|A3B2-Smart BatteryProtect 12/24V-220A|A3B3-Smart BatteryProtect 48V-100A|A3C0dOrion Smart 12V/12V-18A DC-DC Converter
|A3C1dOrion Smart 12V/24V-10A DC-DC Converter|A3C2dOrion Smart 24V/12V-20A DC-DC Converter
|A3C3dOrion Smart 24V/24V-12A DC-DC Converter|A3C4dOrion Smart 24V/48V-6A DC-DC Converter
|A3C5dOrion Smart 48V/12V-20A DC-DC Converter|A3C6dOrion Smart 48V/24V-12A DC-DC Converter
|A3C7dOrion Smart 48V/48V-6A DC-DC Converter|A3C8dOrion Smart 12V/12V-30A DC-DC Converter
|A3C9dOrion Smart 12V/24V-15A DC-DC Converter|A3CAdOrion Smart 24V/12V-30A DC-DC Converter
|A3CBdOrion Smart 24V/24V-17A DC-DC Converter|A3CCdOrion Smart 24V/48V-8.5A DC-DC Converter
|A3CDdOrion Smart 48V/12V-30A DC-DC Converter|A3CEdOrion Smart 48V/24V-16A DC-DC Converter
|A3CFdOrion Smart 48V/48V-8A DC-DC Converter|A3D0dOrion Smart 12V/12V-30A Buck-Boost Converter
|A3D1dOrion Smart 12V/24V-15A Buck-Boost Converter|A3D2dOrion Smart Orion 24V/12V-30A Buck-Boost Converter
|A3D3dOrion Smart Orion 24V/24V-17A Buck-Boost Converter|A3E0-Smart BMS CL 12-100|A3E5-Lynx Smart BMS 500
|A3E6-Lynx Smart BMS 1000|A3E8-Smart BMS 12-200|A3EC-smallBMS|A3F0dOrion XS 12V/12V-50A|A3F1dOrion XS 1400
|A400-MultiC - Generic|A401iInverter RS Solar 48V/6000VA/80A|A402iRS Inverter Smart 48/6000
|A441mMulti RS Solar 48V/6000VA/100A|A442mMulti RS Solar 48V 6000VA 230V|A443mMulti RS Solar 48V/6000VA/100A
|A444mMulti RS Solar 48V/6000VA/100A|A480mMulti 15kVA 3phase|A4C0-Transfer Switch - Generic id
|A4C1-Transfer Switch 3 Phase 2 in 1 out 80A|A501-MultiPlus-X Smart 12V/3000VA/120A|B000-Valence XP Battery
|B001-Valence BMS|B002-Carlo Gavazzi EM24 Energy Meter|B003-Redflow ZBM 2 Battery|B004-LG resu battery
|B005-BMZ battery|B006-Carlo Gavazzi virtual PV Inverter (on EM24)|B007-CAN-bus BMS battery|B008-Murata battery
|B009-Pylontech battery|B00A-BYD B-Box Pro battery|B00B-PureDrive battery|B00C-Carlo Gavazzi ET 112 Energy Meter
|B00D-Carlo Gavazzi ET 340 Energy Meter|B00E-ZCell BMS|B00F-Energy Tube EMSC2 battery
|B010-Mercedes Benz Energy battery|B011-Carlo Gavazzi virtual PV Inverter (on ET340)|B012-FIAMM SoNick 48TL battery
|B013-SSS DC Energy Meter/Switch|B014-Freedom WON battery|B015-BYD B-Box L battery|B016-Discover AES battery
|B017-Carlo Gavazzi EM24 Ethernet Energy Meter|B018-Smappee Power Box|B019-BYD Premium LV battery
|B020-BlueNova battery|B021-BSLBATT battery|B022-REC-BMS battery|B023-Eastron SDM630 Energy Meter
|B024-Freedom WON eTower battery|B025-Dyness battery|B026-Carlo Gavazzi EM540 Energy Meter
|B027-Carlo Gavazzi virtual PV Inverter (on EM540)|B028-Cegasa battery|B029-Pylontech Pelio-L battery
|B030-IMT Si-RS485 Series Solar Irradiance Sensor|B031-Carlo Gavazzi EM300 Spec 27 Energy Meter
|B032-Carlo Gavazzi virtual PV Inverter (on EM300 Spec 27)|B033-ABB B-Series Energy Meter
|B034-Shelly EM/3EM Energy Meter|B040-Fischer Panda Genset|B041-WATT Imperium Fuel Cell 3.0|B042-Bornay Windplus
|B043-WATT Imperium Fuel Cell 4.0|B050-123 SmartBMS|B051-Hubble battery|B060-Oceanvolt Display 2
|B061-Oceanvolt ServoProp|B070-Volturnus Wind Turbine Voltage Limiter|B071-EConnect Distribution Box
|B080-Wakespeed WS500 Alternator Regulator|B081-Wakespeed WS3000 DCDC EMS|B0C0-MG BMS 24-96V General
|B0C1-MG BMS 24-48V/150A|B0C2-MG BMS 24-48V/400A|B0C3-MG BMS 24-48V/600A|B0C4-MG BMS 24-48V/1000A|B0C5-MG BMS 72V/400A
|B0C6-MG BMS 96V/600A|B0C7-MG BMS 72-96V/500A|B0D0-MG BMS 12V General|B0D1-MG BMS 12V/150|B0D2-MG BMS 12V/400A
|B0D3-MG BMS 12V/600A|B0D4-MG BMS 12V/1000A|B0D8-MG BMS 48-900V General|B0D9-MG BMS 48-900V/300A
|B0DA-MG BMS 48-900V/500A|B0E0-MG SmartLink MX|B0E1-MG SmartLink Connect|B0E2-MG SmartLink PLC|C000-VGR, VGR2 or VER
|C001-Color Control|C002-Venus GX|C003-Generic Venus Device|C004-VE.Direct LoRaWAN|C005-VE.Direct LoRaWAN Smart
|C006-Octo GX|C007-EasySolar-II|C008-MultiPlus-II|C009-Maxi GX|C00A-Cerbo GX|C00B-EasySolar-II|C00C-MultiPlus-II
|C00D-Maxi GX|C00E-EasySolar-II|C00F-MultiPlus-II|C010-Maxi GX|C011-SHS400|C012-Cerbo GX|C013-Ekrano GX
|C014-Cerbo-S GX|C020-VE.Direct LoRaWAN|C021-Global Link 520|C024-EV Charge Station 32A|C025-EV Charge Station 32A
|C026-EV Charge Station 32A NS|C028-GX Tank 140|C029-RuuviTag|C02A-Mopeka sensor|C030bSmartShunt IP65 500A/50mV
|C031bSmartShunt IP65 1000A/50mV|C032bSmartShunt IP65 2000A/50mV|C033-All-In-1 Smart|C034bBMV-800 Smart
|C035bSmartShunt IP65 500A/50mV|C036bSmartShunt IP65 1000A/50mV|C037bSmartShunt IP65 2000A/50mV
|C038bSmartShunt 300A/50mV
`;
