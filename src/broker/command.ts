/** Where a site has the program, and where the sudo rule of the broker names it. */
export const installed = '/usr/local/bin/vdd'

/** How people start the broker: through the one sudo rule that they have. */
export const brokerCommand = ['sudo', '-n', '-u', 'vdd-desk', installed, 'desk-broker'] as const
