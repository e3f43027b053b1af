import MinimCommand

Programs.minim()
