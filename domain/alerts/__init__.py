"""What people have to hear of: the register asked in bulk, judged by the pure functions of the clocks."""
