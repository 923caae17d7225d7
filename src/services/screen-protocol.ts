/** What the screen of a machine is told by: RFC 6143, and that of spice-space.org. */
export const screenProtocols = ['vnc', 'spice'] as const
export type ScreenProtocol = (typeof screenProtocols)[number]
