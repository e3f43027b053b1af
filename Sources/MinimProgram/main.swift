import MinimCommand

MinimTool.main()
