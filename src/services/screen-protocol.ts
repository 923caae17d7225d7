/** What the screen of a machine is told by, where its hypervisor has it: RFC 6143, and that of spice-space.org. */
export const hypervisorProtocols = ['vnc', 'spice'] as const
export type HypervisorProtocol = (typeof hypervisorProtocols)[number]

/** Also where the machine itself tells it, to whom logs in: MS-RDPBCGR. */
export const screenProtocols = [...hypervisorProtocols, 'rdp'] as const
export type ScreenProtocol = (typeof screenProtocols)[number]
