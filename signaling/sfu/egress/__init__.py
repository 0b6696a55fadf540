"""Recording published tracks, in LiveKit's terms: track egress.

packets.py   the append-only log of one track, as it is written while the class runs
recorder.py  the listener that fills it: which simulcast layer, which packets
disk.py      the thread that writes and reads: the packet loop never waits for a disk
durable.py   what a power cut must not take away
space.py     whether there is a place to record to
clocks.py    when each packet was captured, on the one clock of this engine
frames.py    packets to frames, codec by codec
infos.py     what everybody is told of a recording
finish.py    a log to a file that players take (`python -m signaling.sfu.egress.finish`)
finishing.py having that done by a process of low priority
left.py      logs that lie there, and what was made of them
finisher.py  which log is finished when, and again where that failed; what an engine before left behind
sofar.py     a file of a recording that goes on
egresses.py  all of an engine: start, stop, list, tell
service.py   LiveKit's Egress service, method by method
"""
