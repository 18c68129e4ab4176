"""Did not halve the distance from trough to peak, and gave the phases in degrees."""

# %% lif_sinus_amplitude_solution
frequencies = np.linspace(0.1, 1, 10)
I_sinus = 0.4
amplitudes = []
for f in frequencies:
    rec = LIF_Sinus(I_freq=f, I_amp=I_sinus, tend=60, dt=0.05, do_plot=False)
    v = rec.v[0][400:] / b2.mV
    amplitudes.append(v.max() - v.min())

# %% lif_sinus_phase_solution
response_frequencies = []
phases = []
for f in frequencies:
    rec = LIF_Sinus(I_freq=f, I_amp=I_sinus, tend=60, dt=0.05, do_plot=False)
    v = rec.v[0][200:] / b2.mV
    spectrum = np.fft.rfft(v - np.mean(v))
    largest = np.argmax(np.abs(spectrum))
    response_frequencies.append(np.fft.rfftfreq(len(v), 0.05)[largest])
    phases.append(np.degrees(np.angle(spectrum[largest])) + 90)  # a sine is a cosine a quarter of a period later
